from dataclasses import replace

import pytest

from tests import planned
from tests.factories import create_user, open_shift


@pytest.fixture
def sale(context, shop):
    """A hundred dollars, half of them as a deposit."""
    return planned.register(shop)


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def other_shift(context, shop):
    colleague = create_user(shop.store_id, "sokha")
    return open_shift(replace(shop, cashier=colleague), till=1)
