"""What an operator types after `flask`, a file per thing."""

from pos.cli import (
    accounts,
    backups,
    books,
    paper,
    people,
    programs,
    restoring,
    stores,
    tokens,
    upgrading,
)
from pos.cli.group import bp, is_command

__all__ = [
    "accounts",
    "backups",
    "books",
    "bp",
    "is_command",
    "paper",
    "people",
    "programs",
    "restoring",
    "stores",
    "tokens",
    "upgrading",
]
