"""ABA PayWay: QRs asked for, payments checked, closed, refunded and listed."""
