"""Secrets that live in the database: sealed with a key from the environment."""

from cryptography.fernet import Fernet, InvalidToken

from pos.config import Settings
from pos.errors import ConfigError
from pos.logs.redaction import SECRETS


def seal(settings: Settings, secret: str) -> str:
    """Return the secret as text that is safe to store; "" stays ""."""
    if not secret:
        return ""
    return _fernet(settings).encrypt(secret.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """Return the secret again; ConfigError where the vault key is not the one that sealed it.

    From now on no log of this process holds it.
    """
    if not sealed:
        return ""
    try:
        secret = _fernet(settings).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ConfigError("POS_VAULT_KEY is not the key that sealed the stored tokens") from None
    SECRETS.learn(secret)
    return secret


def _fernet(settings: Settings) -> Fernet:
    return Fernet(settings.vault_key.get_secret_value())
