from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from pos import config
from pos.errors import ConfigError

SECRET = "a-secret-of-thirty-two-characters!"
VAULT = Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.delenv("FLASK_DEBUG", raising=False)
    for name in config.Settings.model_fields:
        monkeypatch.delenv(f"POS_{name.upper()}", raising=False)
        monkeypatch.delenv(f"POS_{name.upper()}_FILE", raising=False)
    monkeypatch.setenv("POS_SECRET_KEY", SECRET)
    monkeypatch.setenv("POS_VAULT_KEY", VAULT)
    return monkeypatch


def test_two_secrets_are_all_a_start_needs():
    settings = config.load()
    assert (settings.host, settings.port, settings.qr_seconds) == ("127.0.0.1", 5000, 300)
    assert settings.quota_reserve_percent == 10
    assert settings.database == f"sqlite:///{Path('instance').resolve() / 'pos.db'}"


BAD = [
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "x" * 64),
    ("SECRET_KEY", "change-me-change-me-change-me-now!"),
    ("SECRET_KEY", "an-EXAMPLE-of-thirty-two-characters"),
    ("VAULT_KEY", "A" * 43 + "="),
    ("VAULT_KEY", "not a fernet key"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "http"),
    ("QR_SECONDS", "601"),
    ("QR_SECONDS", "0"),
    ("GRACE_SECONDS", "9"),
    ("QUOTA_RESERVE_PERCENT", "-1"),
    ("QUOTA_RESERVE_PERCENT", "91"),
    ("CHECK_NOW_SECONDS", "-1"),
    ("CHECK_NOW_SECONDS", "inf"),
    ("CHECK_NOW_SECONDS", "nan"),
    ("GATEWAY_SECONDS", "0"),
    ("GATEWAY_SECONDS", "31"),
    ("GATEWAY_SECONDS", "nan"),
    ("MAX_USD", "0"),
    ("MAX_KHR", "4e8.5"),
    ("WATCH_HOURS", "0"),
    ("LOGIN_HOURS", "25"),
    ("LOGIN_TRIES", "0"),
    ("HTTPS_ONLY", "perhaps"),
    ("LOG_FORMAT", "xml"),
    ("LOG_LEVEL", "loud"),
    ("REQUEST_ID_FROM", "10.0.0.0/8,nobody"),
    ("METRICS_TOKEN", "fifteen-letters"),
    ("SENTRY_DSN", "http://key@sentry.example/1"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_stops_the_start_with_one_sentence_that_names_it(name, value, environment):
    environment.setenv(f"POS_{name}", value)
    with pytest.raises(ConfigError) as stopped:
        config.load()
    assert str(stopped.value).startswith(f"POS_{name}: ")
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize("debug", ["1", "true", "yes", "on"])
def test_a_debugger_that_is_on_stops_the_start(debug, environment):
    environment.setenv("FLASK_DEBUG", debug)
    with pytest.raises(ConfigError, match="^FLASK_DEBUG: "):
        config.load()
    environment.setenv("FLASK_DEBUG", "0")
    config.load()


@pytest.mark.parametrize("name", ["SECRET_KEY", "VAULT_KEY"])
def test_a_missing_secret_stops_the_start(name, environment):
    environment.delenv(f"POS_{name}")
    with pytest.raises(ConfigError, match=f"POS_{name}"):
        config.load()


def test_a_secret_never_shows_not_even_a_refused_one(environment):
    assert SECRET not in repr(config.load())
    assert VAULT not in repr(config.load())
    environment.setenv("POS_SECRET_KEY", "hunter2")
    with pytest.raises(ConfigError) as stopped:
        config.load()
    assert "hunter2" not in str(stopped.value)


def test_a_secret_may_lie_in_a_file(environment, tmp_path):
    (tmp_path / "key").write_text(SECRET[::-1] + "\n")
    environment.setenv("POS_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert config.load().secret_key.get_secret_value() == SECRET[::-1]


def test_a_file_that_cannot_be_read_stops_the_start(environment, tmp_path):
    environment.setenv("POS_VAULT_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(ConfigError, match="POS_VAULT_KEY_FILE: No such file"):
        config.load()


def test_settings_cannot_be_changed_while_the_shop_is_open():
    with pytest.raises(ValidationError, match="frozen"):
        config.load().port = 80


def test_a_name_that_is_no_setting_is_refused():
    with pytest.raises(ValidationError, match="qr_second"):
        config.Settings(secret_key=SECRET, vault_key=VAULT, qr_second=5)


def test_an_address_of_a_database_replaces_the_file(environment):
    environment.setenv("POS_DATABASE_URL", "postgresql+psycopg://shop@db/pos")
    assert config.load().database == "postgresql+psycopg://shop@db/pos"
