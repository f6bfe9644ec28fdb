"""Doing several things at the very same time, each in a thread with an app context of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from pos.extensions import db


def race(app: Flask, *deeds: Callable[..., Any], read: Callable[[], Any] | None = None) -> list:
    """Start all deeds at once; return what each returned, or the exception it raised.

    What `read` returns is read by each racer before the start and handed to its deed.
    """
    barrier = Barrier(len(deeds))

    def run(deed: Callable[..., Any]) -> Any:
        with app.app_context():
            seen = [read()] if read else []
            barrier.wait(10)
            try:
                return deed(*seen)
            except Exception as problem:
                return problem

    with ThreadPoolExecutor(len(deeds)) as threads:
        results = list(threads.map(run, deeds, timeout=30))
    db.session.rollback()
    return results


def errors(results: list) -> list[Exception]:
    return [one for one in results if isinstance(one, Exception)]
