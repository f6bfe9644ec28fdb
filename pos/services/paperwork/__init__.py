"""Paper: receipts issued, documents printed and archived."""
