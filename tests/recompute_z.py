"""Recompute a Z report's KHQR totals from the exported CSV, with nothing of the shop's program.

python tests/recompute_z.py payments.csv "Till 1" 12
"""

import csv
import sys
from collections import Counter
from decimal import Decimal


def recompute(path: str, till: str, number: str) -> dict[str, tuple[int, Decimal]]:
    """Return, for each currency, how many payments the report counts and their sum."""
    counts: Counter[str] = Counter()
    sums: dict[str, Decimal] = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if (row["Till"], row["Z report"], row["In the Z total"]) != (till, number, "yes"):
                continue
            for currency in ("USD", "KHR"):
                if amount := row[f"Received {currency}"]:
                    counts[currency] += 1
                    sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return {currency: (counts[currency], sums[currency]) for currency in sums}


if __name__ == "__main__":
    for currency, (count, total) in sorted(recompute(*sys.argv[1:4]).items()):
        sys.stdout.write(f"{currency} {count} {total}\n")
