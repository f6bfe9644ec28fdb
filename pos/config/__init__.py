"""Every setting of the shop's app: its name, unit and default. Bad values stop the start.

Each field is read from the environment variable `POS_<NAME>`. A secret may lie in a file
instead, named by `POS_<NAME>_FILE`.

    shop       the shop itself: secrets, books, QRs, drawers, logins
    reach      how it is reached: names, proxies
    api        other programs
    alerts     when people are told, and by which way
    watch      the log, the figures, where errors go
    backups    when they are taken, for whom they are sealed
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from pos.config.alerts import AlertSettings
from pos.config.api import ApiSettings
from pos.config.backups import BackupSettings
from pos.config.reach import ReachSettings
from pos.config.shop import ShopSettings
from pos.config.watch import WatchSettings
from pos.errors import ConfigError

_OFF = ("", "0", "false", "no")

_SECRETS = (
    "SECRET_KEY",
    "VAULT_KEY",
    "SMTP_PASSWORD",
    "TELEGRAM_TOKEN",
    "WEBHOOK_SECRET",
    "METRICS_TOKEN",
    "SENTRY_DSN",
)


class Settings(
    BackupSettings, WatchSettings, AlertSettings, ApiSettings, ReachSettings, ShopSettings
):
    """One frozen set of settings; made once and handed to `create_app`."""

    model_config = SettingsConfigDict(
        env_prefix="POS_", frozen=True, extra="forbid", allow_inf_nan=False
    )


def load() -> Settings:
    """Return the settings of the environment; ConfigError names the first bad one."""
    if os.environ.get("FLASK_DEBUG", "").lower() not in _OFF:
        raise ConfigError("FLASK_DEBUG: a shop is not served with the debugger on")
    secrets: dict[str, Any] = _secret_files(os.environ)
    try:
        return Settings(**secrets)
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "SETTINGS"
        raise ConfigError(f"POS_{name}: {first['msg']}") from None


def _secret_files(environ: Mapping[str, str]) -> dict[str, SecretStr]:
    """Read the secrets that lie in files. A file that cannot be read stops the start."""
    found = {}
    for name in _SECRETS:
        path = environ.get(f"POS_{name}_FILE")
        if path:
            try:
                found[name.lower()] = SecretStr(Path(path).read_text().strip())
            except OSError as problem:
                raise ConfigError(f"POS_{name}_FILE: {problem.strerror}: {path}") from None
    return found
