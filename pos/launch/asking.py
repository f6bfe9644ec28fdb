"""What the launcher asks the servers that it started."""

import time
from functools import cache

import httpx

READY_SECONDS = 30.0
"""How long a server may take until it answers."""


def is_bank_open(bank_url: str) -> bool:
    """Return whether the practice bank answers."""
    return _answers(f"{bank_url}/sandbox/health")


def is_shop_open(shop_url: str) -> bool:
    """Return whether the shop's app answers."""
    return _answers(f"{shop_url}/healthz")


def wait_for_bank(bank_url: str) -> None:
    """Wait until the practice bank answers; TimeoutError if that takes too long."""
    end = time.monotonic() + READY_SECONDS
    while not is_bank_open(bank_url):
        if time.monotonic() > end:
            raise TimeoutError(f"{bank_url} does not answer")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    """Return whether a server answers this address with 200."""
    try:
        return _client().get(url).status_code == 200
    except httpx.HTTPError:
        return False


def new_token(bank_url: str, email: str) -> str:
    """Return a token that the practice bank gives to this e-mail address."""
    answer = _client().post(f"{bank_url}/sandbox/tokens", json={"email": email})
    token: str = answer.raise_for_status().json()["token"]
    return token


def open_account(bank_url: str, account_id: str) -> None:
    """Make an account exist at the practice bank."""
    answer = _client().post(f"{bank_url}/sandbox/accounts", json={"accounts": [account_id]})
    answer.raise_for_status()


def open_merchant(bank_url: str, merchant_id: str, callback_url: str) -> tuple[str, str]:
    """Make a merchant known at PayWay's practice desk; return its new API key and public key.

    What is paid to it is told to `callback_url`.
    """
    told = {"merchant_id": merchant_id, "name": "Mekong Coffee", "callback_url": callback_url}
    # The bank makes a pair of keys, which may take a slow machine seconds.
    answer = _client().post(
        f"{bank_url}/sandbox/payway/merchants", json=told, timeout=READY_SECONDS
    )
    keys = answer.raise_for_status().json()
    return keys["api_key"], keys["public_key"]


@cache
def _client() -> httpx.Client:
    # A proxy that is meant for the outside world does not know this machine's own addresses.
    return httpx.Client(timeout=1, trust_env=False)
