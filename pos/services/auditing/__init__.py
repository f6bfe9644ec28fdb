"""What cannot be changed afterwards: the audit log, the chain of reports, the nightly look."""
