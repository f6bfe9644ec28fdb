"""The register of gateways: a name, and where the class that speaks its API lies.

A new gateway is a folder beside `bakong` and one line here; nothing else in the shop's app
names a gateway.
"""

from importlib import import_module
from typing import Any, cast

from pos.errors import ConfigError
from pos.gateways.base import Account, Capabilities, Gateway
from pos.gateways.callbacks import CallbackReader
from pos.gateways.http import DEADLINE_SECONDS

_REGISTER = {
    "bakong": "pos.gateways.bakong.client:BakongGateway",
    "payway": "pos.gateways.payway.client:PayWayGateway",
}

_CALLBACKS = {"payway": "pos.gateways.payway.callbacks"}
"""The module that reads what a gateway posts to us, for those that do."""


def registered() -> tuple[str, ...]:
    """Return the names of all gateways, as an account may carry them."""
    return tuple(_REGISTER)


def open_gateway(account: Account, *, seconds: float = DEADLINE_SECONDS) -> Gateway:
    """Return the account's gateway, ready to be asked; nothing is sent yet.

    `seconds` bounds each request as a whole. ConfigError for a name not in the register.
    """
    return cast(Gateway, _class_of(account.gateway)(account, seconds=seconds))


def capabilities_of(gateway: str) -> Capabilities:
    """Return what a gateway can do, without an account; ConfigError as above."""
    return cast(Capabilities, _class_of(gateway).capabilities)


def callbacks_of(gateway: str) -> CallbackReader:
    """Return who reads a gateway's callbacks; ConfigError for one that has none."""
    if gateway not in _CALLBACKS:
        raise ConfigError(f"The gateway {gateway!r} posts nothing to us.")
    return cast(CallbackReader, import_module(_CALLBACKS[gateway]))


def has_callbacks(gateway: str) -> bool:
    """Return whether a gateway posts to us."""
    return gateway in _CALLBACKS


def _class_of(gateway: str) -> Any:
    if gateway not in _REGISTER:
        raise ConfigError(f"No gateway is called {gateway!r}.")
    module, _, name = _REGISTER[gateway].partition(":")
    return getattr(import_module(module), name)
