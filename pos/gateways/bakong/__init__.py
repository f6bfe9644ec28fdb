"""The Bakong Open API of the National Bank of Cambodia: QRs made here, payments asked for."""
