"""What the launcher asks the servers that it started."""

from functools import cache

import httpx


def answers(url: str) -> bool:
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


@cache
def _client() -> httpx.Client:
    # A proxy that is meant for the outside world does not know this machine's own addresses.
    return httpx.Client(timeout=1, trust_env=False)
