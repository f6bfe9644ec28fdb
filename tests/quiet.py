"""A shop for tests that tell the books what a bank said, and so need none that runs."""

import pytest
from flask import Flask

from tests import factories
from tests.factories import Shop

NOBODY = "http://127.0.0.1:9"
"""Whoever asks here by mistake hears nothing, which settles nothing."""


@pytest.fixture
def shop(request: pytest.FixtureRequest, app: Flask, clock: object) -> Shop:
    """The shop, paid at the practice bank where the test names one, else at nobody's."""
    has_bank = "bank" in request.fixturenames
    bank = request.getfixturevalue("bank") if has_bank else None
    with app.app_context():
        return factories.create_shop(bank.url, bank.token()) if bank else quiet_shop()


def quiet_shop() -> Shop:
    return factories.create_shop(NOBODY, "no-key")
