"""The settings of backups."""

import re
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
"""A public key of age. Source: age-encryption.org/v1, Bech32 of an X25519 key."""


class BackupSettings(BaseSettings):
    """Where backups lie, who can read them, when they are taken and how many are kept."""

    backup_folder: Path | None = Field(
        None, description="Folder of the backups; `backups` in the instance folder if empty."
    )
    backup_recipient: str = Field(
        "",
        description="Public key that backups are encrypted to, from `flask backup-key`;"
        " several with spaces between.",
    )
    backup_hour: int = Field(
        3, ge=0, le=23, description="Hour in Phnom Penh from which the nightly backup is taken."
    )
    backup_days: int = Field(
        14, ge=2, le=3660, description="Backups of so many days are kept, of the newest."
    )
    backup_tools: Path | None = Field(
        None, description="Folder of `pg_dump`, `pg_restore` and `psql`, if they are not found."
    )

    @field_validator("backup_folder", "backup_tools", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("backup_recipient")
    @classmethod
    def _is_public(cls, value: str) -> str:
        for key in value.split():
            if not _RECIPIENT.fullmatch(key):
                raise ValueError("must be a public key of age, which begins with age1")
        return value
