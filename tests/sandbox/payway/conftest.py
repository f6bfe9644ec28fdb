import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pos.sandbox import create_sandbox, new_merchant
from tests.sandbox.conftest import Caller, in_process
from tests.sandbox.payway.shop import Shop, open_shop

DATA = Path(__file__).parents[2] / "data"
RSA: dict[str, Any] = json.loads((DATA / "payway-rsa.json").read_text("utf-8"))
VECTORS: list[dict[str, Any]] = json.loads(
    Path(os.environ.get("PAYWAY_VECTORS") or DATA / "payway.json").read_text("utf-8")
)["vectors"]
KEY = RSA["rsa1024"]["private_pem"]


@pytest.fixture
def practice_bank(ledger_path: Path) -> Flask:
    merchants = [new_merchant("shop01", api_key="key-of-shop01", private_key=KEY)]
    return create_sandbox(ledger_path=ledger_path, merchants=merchants)


@pytest.fixture
def shop(practice_bank: Flask) -> Iterator[Shop]:
    with in_process(practice_bank) as http:
        yield Shop(http, "shop01", "key-of-shop01", RSA["rsa1024"]["public_pem"])


@pytest.fixture
def far_shop(far_bank: Caller) -> Shop:
    """The same behind a real socket."""
    return open_shop(far_bank.http, "shop01", private_key=KEY)
