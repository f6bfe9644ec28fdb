"""Recompute a whole Z report from the exported CSV files, with nothing of the shop's program.

python tests/recompute_z.py FOLDER "Till 1" 12
"""

import csv
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

SUMS = [("payments", "Received", "KHQR"), ("refunds", "Amount", "KHQR given back")]
SUMS += [("tenders", "Pays", "Cash"), ("movements", "Off the sale", "Cash given back")]
SUMS += [("tenders", "Given", "Given"), ("tenders", "Change", "Change")]
SUMS += [("tenders", "Rounding", "Rounding"), ("movements", "Rounding", "Rounding")]
SUMS += [(name, "Keyed rounding", "Keyed rounding") for name in ("payments", "tenders")]
SUMS += [("movements", "In", "In"), ("movements", "Out", "Out")]
SUMS += [("shifts", "Float", "Float"), ("shifts", "Counted", "Counted")]
"""Which file, which of its columns, and the figure of the report that the column sums up to."""


def recompute(folder: str, till: str, number: str) -> dict[str, Decimal]:
    """Return each figure of the report by its name, such as "KHQR USD"; 0 where nothing is."""
    z: dict[str, Decimal] = defaultdict(Decimal)
    paid: set[tuple[str, ...]] = set()
    for name, column, figure in SUMS:
        with Path(folder, f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                mine = (row["Till"], row["Z report"]) == (till, number)
                if mine and row.get("In the Z total") != "no":
                    for money in [it for it in ("USD", "KHR") if row.get(f"{column} {it}")]:
                        z[f"{figure} {money}"] += Decimal(row[f"{column} {money}"])
                        paid.add((figure, money, row.get("Number") or row.get("Sale", "")))
    for money in ("USD", "KHR"):
        for figure in ("KHQR", "Cash"):
            z[f"{figure} {money} count"] += sum(one[:2] == (figure, money) for one in paid)
        came = z[f"Float {money}"] + z[f"Given {money}"] + z[f"In {money}"]
        z[f"Expected {money}"] = came - z[f"Change {money}"] - z[f"Out {money}"]
        if f"Counted {money}" in z:
            z[f"Over {money}"] = z[f"Counted {money}"] - z[f"Expected {money}"]
    return z


if __name__ == "__main__":
    for figure, total in sorted(recompute(*sys.argv[1:4]).items()):
        sys.stdout.write(f"{figure} {total}\n")
