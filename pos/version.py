"""The version of this program, as reports, requests and the package carry it."""

__version__ = "0.1.0"
