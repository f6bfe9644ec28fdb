"""Recompute a Z report from the CSV files: python tests/recompute_z.py FOLDER "Till 1" 12"""

import csv
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

# A file, its column, and the figure of the report that the column sums up to.
SUMS = """payments:Received:KHQR refunds:Amount:KHQR-given-back tenders:Pays:Cash
movements:Off-the-sale:Cash-given-back tenders:Given:Given tenders:Change:Change
tenders:Rounding:Rounding movements:Rounding:Rounding payments:Keyed-rounding:Keyed-rounding
tenders:Keyed-rounding:Keyed-rounding sales:Discount:Discount sales:Tip:Tip movements:In:In
movements:Out:Out shifts:Float:Float
shifts:Counted:Counted""".split()
COUNTS = "In the Z total"


def recompute(folder: str, till: str, number: str) -> dict[str, Decimal]:
    """Return each figure of the report by its name, such as "KHQR USD"; 0 where nothing is."""
    z: dict[str, Decimal] = defaultdict(Decimal)
    for name, column, figure in (one.replace("-", " ").split(":") for one in SUMS):
        with Path(folder, f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            mine = [it for it in csv.DictReader(file) if it["Till"] == till]
        rows = [it for it in mine if it["Z report"] == number and it.get(COUNTS, "yes") == "yes"]
        for money in ("USD", "KHR"):
            told = [it for it in rows if it.get(f"{column} {money}")]
            if told:
                z[f"{figure} {money}"] += sum(Decimal(it[f"{column} {money}"]) for it in told)
            if figure in ("KHQR", "Cash"):
                z[f"{figure} {money} count"] += len({it.get("Number") or it["Sale"] for it in told})
    for money in ("USD", "KHR"):
        came = z[f"Float {money}"] + z[f"Given {money}"] + z[f"In {money}"]
        z[f"Expected {money}"] = came - z[f"Change {money}"] - z[f"Out {money}"]
        if f"Counted {money}" in z:
            z[f"Over {money}"] = z[f"Counted {money}"] - z[f"Expected {money}"]
    return z


if __name__ == "__main__":
    for figure, total in sorted(recompute(*sys.argv[1:4]).items()):
        sys.stdout.write(f"{figure} {total}\n")
