"""The settings of how the shop is reached: names, proxies, TLS."""

import re

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

_HOST = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*")


class ReachSettings(BaseSettings):
    """By which names the shop is asked for, and how many proxies stand before it."""

    trusted_hosts: str = Field(
        "",
        description="Names that the shop is asked for by, without port, separated by commas, such"
        " as `pos.example.com,192.168.1.10`; the host of `POS_PUBLIC_URL` and this machine itself"
        " are always among them. Any name if empty.",
    )
    proxies: int = Field(
        0,
        ge=0,
        le=5,
        description="Proxies before the app, each of which adds to `X-Forwarded-For` and"
        " `X-Forwarded-Proto`; these headers are believed from no others.",
    )

    @field_validator("trusted_hosts")
    @classmethod
    def _are_names(cls, value: str) -> str:
        names = [name.strip().lower() for name in value.split(",") if name.strip()]
        if not all(_HOST.fullmatch(name) for name in names):
            raise ValueError("must be host names without a port, separated by commas")
        return ",".join(names)
