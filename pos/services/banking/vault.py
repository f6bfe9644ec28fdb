"""Secrets that live in the database: sealed with a key from the environment."""

from cryptography.fernet import Fernet, InvalidToken

from pos.config import Settings
from pos.errors import ConfigError


def seal(settings: Settings, secret: str) -> str:
    """Return the secret as text that is safe to store; "" stays ""."""
    if not secret:
        return ""
    return _fernet(settings).encrypt(secret.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """Return the secret again; ConfigError where the vault key is not the one that sealed it."""
    if not sealed:
        return ""
    try:
        return _fernet(settings).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ConfigError("POS_VAULT_KEY is not the key that sealed the stored tokens") from None


def _fernet(settings: Settings) -> Fernet:
    return Fernet(settings.vault_key.get_secret_value())
