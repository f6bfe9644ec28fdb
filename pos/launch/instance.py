"""The folder of the shop's own data: its secrets, the demo's logins, the logs.

Only the owner may enter it, and no secret in it is ever printed.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.fernet import Fernet

from pos.errors import ConfigError

Logins = list[dict[str, str]]
"""The people of the demo shop, as `pos.demo` made them: role, username, password."""


@dataclass(frozen=True, slots=True)
class Instance:
    """The folder and the names of the files in it."""

    folder: Path

    @property
    def logs(self) -> Path:
        """The folder with one log for each part."""
        return self.folder / "logs"

    @property
    def ledger(self) -> Path:
        """The practice bank's own books."""
        return self.folder / "sandbox.db"

    @property
    def _logins(self) -> Path:
        return self.folder / "demo-logins.json"

    def prepare(self) -> None:
        """Make the folder and the secrets that are missing; ConfigError if it cannot be done."""
        try:
            self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            _keep(self.folder / "secret_key", secrets.token_urlsafe(48))
            _keep(self.folder / "vault_key", Fernet.generate_key().decode())
        except OSError as problem:
            raise ConfigError(f"POS_INSTANCE={self.folder}: {problem.strerror}.") from None

    def lock(self, part: str) -> IO[str]:
        """Return a lock held until it is closed; ConfigError while another start holds it."""
        holder = (self.folder / f"{part}.lock").open("w")
        try:
            fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder.close()
            raise ConfigError(
                f"It already runs with the data in {self.folder}: end that."
            ) from None
        return holder

    def settings(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the environment that makes the app use this folder; what is set there stays."""
        settings = {**environ, "POS_INSTANCE": str(self.folder)}
        for name in ("SECRET_KEY", "VAULT_KEY"):
            if not (environ.get(f"POS_{name}") or environ.get(f"POS_{name}_FILE")):
                settings[f"POS_{name}_FILE"] = str(self.folder / name.lower())
        return settings

    def read_logins(self) -> Logins:
        """Return the demo's logins as they were at the first start; empty if there are none."""
        try:
            logins: Logins = json.loads(self._logins.read_text())
        except FileNotFoundError:
            return []
        return logins

    def keep_logins(self, logins: Logins) -> None:
        """Write the demo's logins down, for later starts to show."""
        _keep(self._logins, json.dumps(logins, indent=2))


def open_instance(environ: Mapping[str, str]) -> Instance:
    """Return the folder that POS_INSTANCE names, `instance` here by default."""
    return Instance(Path(environ.get("POS_INSTANCE") or "instance").resolve())


def _keep(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all; one that is there stays."""
    if path.exists():
        return
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half.replace(path)
