"""KHQR POS: the in-store payment counter.

The floors, from the ground up; imports go down, never up:

    0  cash catalogue clock config errors khqr logs money paths permissions
       plans serving states totp version words                              pure
    1  paper                            documents as values, PDFs, dots for receipt printers
    1  gateways                         the outside world, as frozen values
    1  messengers                       mail and Telegram, as frozen values
    1  mishaps database damage schema
       extensions models                memory
    2  reports                          figures, read only
    2  services                         deeds
    3  web cli worker demo launch       doors
    4  app                              the roof
    -  sandbox                          the practice bank, next door
"""

import gc
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from pos.config import Settings

__all__ = ["create_app", "serve"]


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Return the shop's web app, as `pos.app.create_app` makes it.

    The roof is read only when it is wanted: the launcher and the practice bank are parts of this
    package too, and start without it.
    """
    app: Flask = _roof().create_app(settings)
    return app


def serve() -> "Flask":
    """Return the app for a server, as `pos.app.serve` makes it."""
    app: Flask = _roof().serve()
    return app


@cache
def _roof() -> ModuleType:
    """Read all floors, once.

    What is read stays as long as the program. Looking through it for garbage would take a fifth
    of the start, and a pause again and again afterwards.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        from pos import app
    finally:
        if was_on:
            gc.enable()
    gc.freeze()
    return app
