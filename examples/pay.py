"""Take one payment: pay.py BASE TOKEN_FILE AMOUNT CURRENCY."""

import secrets
import sys
import time
from pathlib import Path

from shop import Shop


def main(base: str, token_file: str, amount: str, currency: str) -> int:
    """Register a sale, print its QR, and wait until it is paid or its time is over."""
    shop = Shop(base, Path(token_file))
    booking = f"example-{secrets.token_hex(8)}"
    sale = {"booking_id": booking, "amount": amount, "currency": currency}
    shop.post("/api/v1/sales", sale, key=booking)
    payment = shop.post(f"/api/v1/sales/{booking}/payments", {}, key=f"{booking}-qr")
    print("qr", payment["qr_string"], flush=True)
    while payment["status"] in ("pending", "processing"):
        time.sleep(1)
        payment = shop.get(f"/api/v1/payments/{payment['id']}")
    print(payment["status"], flush=True)
    return 0 if payment["status"] == "completed" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
