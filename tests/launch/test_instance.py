import stat

import pytest
from cryptography.fernet import Fernet

from pos.errors import ConfigError
from pos.launch.instance import Instance, open_instance


@pytest.fixture
def instance(tmp_path):
    made = Instance(tmp_path / "data")
    made.prepare()
    return made


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_reads_the_secrets(instance):
    assert mode(instance.folder) == 0o700
    assert {mode(instance.folder / name) for name in ("secret_key", "vault_key")} == {0o600}


def test_the_secrets_are_strong_enough_for_the_app(instance):
    assert len((instance.folder / "secret_key").read_text()) >= 32
    Fernet((instance.folder / "vault_key").read_text())


def test_a_second_start_keeps_the_secrets(instance):
    before = (instance.folder / "vault_key").read_text()
    instance.prepare()
    assert (instance.folder / "vault_key").read_text() == before


def test_a_start_that_was_cut_off_leaves_no_half_secret(tmp_path):
    (tmp_path / "secret_key.new").write_text("hal")
    Instance(tmp_path).prepare()
    assert len((tmp_path / "secret_key").read_text()) >= 32


def test_the_app_is_told_files_and_never_a_secret(instance):
    settings = instance.settings({"PATH": "/bin"})
    assert settings == {
        "PATH": "/bin",
        "POS_INSTANCE": str(instance.folder),
        "POS_SECRET_KEY_FILE": str(instance.folder / "secret_key"),
        "POS_VAULT_KEY_FILE": str(instance.folder / "vault_key"),
    }


def test_a_secret_that_somebody_set_is_left_alone(instance):
    settings = instance.settings({"POS_VAULT_KEY": "theirs", "POS_SECRET_KEY_FILE": "/theirs"})
    assert settings["POS_SECRET_KEY_FILE"] == "/theirs"
    assert "POS_VAULT_KEY_FILE" not in settings


def test_logins_are_read_back_as_they_were_kept(instance):
    logins = [{"role": "cashier", "username": "dara", "password": "chek-moan-9"}]
    assert instance.read_logins() == []
    instance.keep_logins(logins)
    assert instance.read_logins() == logins
    assert mode(instance.folder / "demo-logins.json") == 0o600


def test_two_starts_do_not_share_a_folder(instance):
    with instance.lock("shop"), pytest.raises(ConfigError, match="already runs"):
        instance.lock("shop")
    instance.lock("shop").close()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    instance = open_instance({"POS_INSTANCE": str(tmp_path / "file" / "data")})
    with pytest.raises(ConfigError, match=r"^POS_INSTANCE=.*Not a directory\.$"):
        instance.prepare()
