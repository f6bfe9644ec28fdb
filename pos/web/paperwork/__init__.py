"""The doors to receipts, printing and PDFs."""
