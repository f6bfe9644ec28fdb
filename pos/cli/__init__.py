"""What an operator types after `flask`, a file per thing."""

from pos.cli import accounts, books, people, programs
from pos.cli.group import bp

__all__ = ["accounts", "books", "bp", "people", "programs"]
