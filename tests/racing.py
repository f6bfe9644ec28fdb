"""Doing several things at the very same time, each in a thread with an app context of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from pos.extensions import db

Deed = Callable[[], Any]


def race(app: Flask, *deeds: Deed) -> list[Any]:
    """Start all deeds at once; return what each returned, or the exception it raised."""
    barrier = Barrier(len(deeds))

    def run(deed: Deed) -> Any:
        with app.app_context():
            barrier.wait(10)
            try:
                return deed()
            except Exception as problem:
                return problem

    with ThreadPoolExecutor(len(deeds)) as threads:
        results = list(threads.map(run, deeds, timeout=30))
    db.session.rollback()
    return results


def errors(results: list[Any]) -> list[Exception]:
    return [one for one in results if isinstance(one, Exception)]
