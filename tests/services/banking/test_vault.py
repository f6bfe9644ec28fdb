import pytest
from cryptography.fernet import Fernet

from pos.errors import ConfigError
from pos.services.banking import vault
from tests.conftest import make_settings


@pytest.fixture
def keys(tmp_path):
    return make_settings(tmp_path)


def test_a_sealed_secret_opens_again_and_shows_nothing(keys):
    sealed = vault.seal(keys, "eyJ-a-token")
    assert "eyJ-a-token" not in sealed
    assert vault.unseal(keys, sealed) == "eyJ-a-token"


def test_sealing_twice_gives_two_texts(keys):
    assert vault.seal(keys, "secret") != vault.seal(keys, "secret")


def test_nothing_stays_nothing(keys):
    assert (vault.seal(keys, ""), vault.unseal(keys, "")) == ("", "")


@pytest.mark.parametrize("spoil", [lambda text: text[:-1], lambda text: "x" + text, lambda _: "no"])
def test_a_changed_seal_does_not_open(keys, spoil):
    with pytest.raises(ConfigError, match="POS_VAULT_KEY"):
        vault.unseal(keys, spoil(vault.seal(keys, "secret")))


def test_another_key_does_not_open_it_and_says_which_setting_to_look_at(keys):
    other = keys.model_copy(
        update={"vault_key": type(keys.vault_key)(Fernet.generate_key().decode())}
    )
    with pytest.raises(ConfigError, match="POS_VAULT_KEY") as refused:
        vault.unseal(other, vault.seal(keys, "eyJ-a-token"))
    assert "eyJ" not in str(refused.value)
