"""The settings of the shop itself: its secrets, its books, its QRs, its drawers, its logins."""

import re
from pathlib import Path
from typing import Literal

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from pos.config.alerts import PlainAddress
from pos.words import Language

_LEAST_SIGNS = 10
_EXAMPLE = re.compile(r"change.?(me|this|it)|replace.?me|your.?(secret|key)|example", re.I)


class ShopSettings(BaseSettings):
    """All settings but those of the groups that have a file of their own."""

    secret_key: SecretStr = Field(description="Signs the browser's cookie; 32 characters or more.")
    vault_key: SecretStr = Field(description="Encrypts gateway tokens in the database (Fernet).")
    instance: Path = Field(Path("instance"), description="Folder of the shop's own data.")
    database_url: str = Field("", description="Database; SQLite in the instance folder if empty.")
    host: str = Field("127.0.0.1", description="Address the web app listens on.")
    port: int = Field(5000, ge=1, le=65535, description="Port the web app listens on.")
    https_only: bool = Field(False, description="Cookies over HTTPS only; set it behind TLS.")

    public_url: PlainAddress = Field(
        "",
        description="Address of this shop for phones on the internet, such as"
        " https://pay.example.com; without one customers get no link to their receipt.",
    )
    receipt_days: int = Field(
        30, ge=1, le=366, description="Days that a customer's link to a receipt is good for."
    )
    pdf_language: Language = Field(
        Language.ENGLISH, description="Language of the PDFs that the archive keeps: `en` or `km`."
    )

    max_usd: int = Field(
        100_000, ge=1, description="Largest charge, in whole dollars, where a store sets none."
    )
    max_khr: int = Field(400_000_000, ge=1, description="The same in riel.")
    qr_seconds: int = Field(300, ge=10, le=600, description="Life of a QR, in seconds.")
    tip_seconds: int = Field(
        20, ge=5, le=120, description="Time to choose a tip on the customer's screen, in seconds."
    )
    grace_seconds: int = Field(
        10, ge=10, le=120, description="Wait after a QR's end before its last check, in seconds."
    )
    quota_reserve_percent: int = Field(
        10,
        ge=0,
        le=90,
        description="Part of a day's questions to a gateway with a daily limit that is kept for"
        " Check now and for last looks, in percent.",
    )
    check_now_seconds: float = Field(
        2, ge=0, description="Least time between two presses of Check now at a till, in seconds."
    )
    watch_hours: int = Field(24, ge=1, description="Hours a given-up QR is watched for late money.")
    gateway_seconds: float = Field(8, gt=0, le=30, description="Longest wait for a gateway, whole.")
    start_asks_seconds: int = Field(
        120,
        ge=0,
        le=600,
        description="After a start of the worker no QR ends for so long, in seconds, unless every"
        " open one was asked about.",
    )
    dispute_days: int = Field(
        7, ge=1, le=366, description="Days within which a customer's dispute is to be answered."
    )
    rate_days: int = Field(
        7, ge=1, description="Days after which the till warns that the exchange rate is old."
    )
    cash_limit_usd: int = Field(
        50,
        ge=0,
        description="Most that moves in or out of a drawer unasked, in whole dollars;"
        " a store may set its own.",
    )
    cash_limit_khr: int = Field(200_000, ge=0, description="The same in riel.")
    no_sales: int = Field(
        5,
        ge=0,
        description="How often a drawer is opened for nothing in a shift, unasked;"
        " a store may set its own.",
    )
    blind_count: bool = Field(
        True,
        description="The drawer is counted without knowing what should be in it;"
        " a store may say otherwise.",
    )
    over_short_usd: int = Field(
        1,
        ge=0,
        description="Most that a count may be off unasked, in whole dollars;"
        " a store may set its own.",
    )
    over_short_khr: int = Field(4_000, ge=0, description="The same in riel.")
    day_starts_hour: int = Field(
        0,
        ge=0,
        le=12,
        description="Hour at which a business day begins in Phnom Penh; a shift opened before it"
        " counts to the day before.",
    )
    forgotten_shift_hours: int = Field(
        16, ge=1, description="Hours after which the system closes a shift that nobody closed."
    )
    close_grace_minutes: int = Field(
        60, ge=0, description="The system closes shifts so long after the store, in minutes."
    )
    close_quiet_minutes: int = Field(
        30, ge=1, description="No shift is closed by the system so soon after a sale, in minutes."
    )
    signs_least: int = Field(
        3, ge=1, description="How many refunds, cancels and the like are worth a look, at least."
    )
    signs_times: int = Field(
        2, ge=1, description="How many times the store's median their rate is then, at least."
    )

    login_hours: int = Field(12, ge=1, le=24, description="Longest life of one login, in hours.")
    lock_minutes: int = Field(
        5,
        ge=0,
        le=240,
        description="Minutes after which an enrolled till that nobody touches asks for a PIN; 0 is"
        " never.",
    )
    login_tries: int = Field(10, ge=1, description="Wrong passwords before a login name waits.")
    login_wait_minutes: int = Field(15, ge=1, description="How long it then waits, in minutes.")

    totp_required: Literal["off", "managers"] = Field(
        "off",
        description="Who must turn on the second step at the login: `off` or `managers`.",
    )

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 32:
            raise ValueError("must be 32 characters or more")
        return _random(value)

    @field_validator("vault_key")
    @classmethod
    def _is_fernet(cls, value: SecretStr) -> SecretStr:
        try:
            Fernet(value.get_secret_value())
        except ValueError:
            raise ValueError("must be a Fernet key (44 characters of base64)") from None
        return _random(value)

    @property
    def database(self) -> str:
        """The address of the database, with the default filled in."""
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'pos.db'}"


def _random(value: SecretStr) -> SecretStr:
    """Return a secret that nobody can guess: no example of a page, no row of one sign."""
    secret = value.get_secret_value()
    if len(set(secret)) < _LEAST_SIGNS or _EXAMPLE.search(secret):
        raise ValueError("must be random, and no example")
    return value
