"""The settings of those who watch the shop: what is logged and how, who may read figures, and
where errors go."""

from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings


class WatchSettings(BaseSettings):
    """What is logged and how, and who may read the figures."""

    log_format: Literal["text", "json"] = Field(
        "text", description="Lines of the log: `text` for a person, `json` for a program."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least that is logged: `debug`, `info`, `warning` or `error`."
    )
    log_file: Path | None = Field(
        None, description="File for the log; standard error if empty. `logrotate` may move it."
    )
    request_id_from: str = Field(
        "127.0.0.1,::1",
        description="Addresses or networks of proxies whose `X-Request-ID` is taken over.",
    )

    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Opens `/metrics` to Prometheus; 16 characters or more. It is shut if empty.",
    )

    sentry_dsn: SecretStr = Field(
        SecretStr(""),
        description="Address of a Sentry that errors are sent to; needs the extra `sentry`.",
    )
    sentry_environment: str = Field(
        "production", description="What that Sentry calls this installation."
    )

    @field_validator("sentry_dsn")
    @classmethod
    def _by_tls(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        if value.get_secret_value() and parts.scheme != "https" and not here:
            raise ValueError("must begin with https://")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _long_enough_or_empty(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 16:
            raise ValueError("must be 16 characters or more")
        return value

    @field_validator("log_file", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("request_id_from")
    @classmethod
    def _is_networks(cls, value: str) -> str:
        for part in value.split(","):
            if part.strip():
                ip_network(part.strip())
        return value
