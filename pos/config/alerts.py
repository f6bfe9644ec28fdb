"""The settings of the alerts: when people are told of something, and by which way."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

_BOT_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{20,}")


def _plain_address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("https", "http") or not parts.hostname):
        raise ValueError("must begin with https:// and name a host")
    if parts.query or parts.fragment or "@" in parts.netloc or not value.isascii():
        raise ValueError("must be a plain address, without ?, # or @")
    return value.rstrip("/")


PlainAddress = Annotated[str, AfterValidator(_plain_address)]
"""An address on the web, or "": no ?, # or @ in it, and no / at its end."""


class AlertSettings(BaseSettings):
    """When people are told, and by which way."""

    alert_window_minutes: int = Field(
        60, ge=5, le=720, description="QRs and callbacks of so long count for alerts, in minutes."
    )
    alert_least_qrs: int = Field(
        20, ge=1, description="Fewer ended QRs than this say nothing of the success rate."
    )
    alert_success_warn: int = Field(
        95, ge=0, le=100, description="Success rate below which people are warned, in percent."
    )
    alert_success_alarm: int = Field(
        90, ge=0, le=100, description="Success rate below which it is an alarm, in percent."
    )
    alert_callback_warn: float = Field(
        2, gt=0, description="Handling of callbacks slower than this is warned of, in seconds."
    )
    alert_callback_alarm: float = Field(
        5, gt=0, description="Handling of callbacks slower than this is an alarm, in seconds."
    )
    alert_calm_minutes: int = Field(
        15, ge=0, le=1440, description="An alert ends after so long without its cause, in minutes."
    )
    alert_silent_minutes: int = Field(
        5, ge=1, description="Silence of the worker that is told of when it is back, in minutes."
    )
    alert_daily_hour: int = Field(
        8, ge=0, le=23, description="Hour at which yesterday's failed payments are told of."
    )
    alert_disk_mb: int = Field(
        1000, ge=0, description="Free space below which people are warned; a fifth is an alarm."
    )

    smtp_host: str = Field("", description="Mail server for alerts; without one none go by mail.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="`starttls`, `tls` from the start, or `none` on this machine."
    )
    smtp_user: str = Field("", description="Name to log in with at the mail server, if any.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Its password.")
    smtp_sender: str = Field("", description="Address that alerts come from.")
    telegram_token: SecretStr = Field(
        SecretStr(""), description="Token of the Telegram bot that alerts come from."
    )
    telegram_url: PlainAddress = Field(
        "https://api.telegram.org", description="Where Telegram's Bot API is asked."
    )

    @field_validator("telegram_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _BOT_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("must be a bot's token, such as 123456:ABC...")
        return value

    @field_validator("smtp_sender")
    @classmethod
    def _is_mail_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", value, re.ASCII):
            raise ValueError("must be a plain mail address")
        return value
