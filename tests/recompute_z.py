"""Recompute a Z report from the CSV files: python tests/recompute_z.py FOLDER "Till 1" 12"""

import csv
import sys
from collections import defaultdict
from decimal import Decimal

FILE_COLUMN_FIGURE = """payments:Received:KHQR refunds:Amount:KHQR-given-back tenders:Pays:Cash
movements:Off-the-sale:Cash-given-back tenders:Given:Given tenders:Change:Change
tenders:Rounding:Rounding movements:Rounding:Rounding tenders:Keyed-rounding:Keyed-rounding
payments:Keyed-rounding:Keyed-rounding sales:Discount:Discount sales:Tip:Tip movements:In:In
movements:Out:Out shifts:Float:Float shifts:Counted:Counted""".split()


def recompute(folder: str, till: str, number: str) -> dict[str, Decimal]:
    """Return each figure of the report by its name, such as "KHQR USD"; 0 where nothing is."""
    z: dict[str, Decimal] = defaultdict(Decimal)
    for money in ("USD", "KHR"):
        for name, column, figure in (it.replace("-", " ").split(":") for it in FILE_COLUMN_FIGURE):
            with open(f"{folder}/{name}.csv", encoding="utf-8-sig", newline="") as file:
                mine = [it for it in csv.DictReader(file) if it["Till"] == till]
            here = [it for it in mine if it["Z report"] == number and it.get(f"{column} {money}")]
            told = [it for it in here if it.get("In the Z total", "yes") == "yes"]
            for it in told:
                z[f"{figure} {money}"] += Decimal(it[f"{column} {money}"])
            if figure in ("KHQR", "Cash"):
                z[f"{figure} {money} count"] += len({it.get("Number") or it["Sale"] for it in told})
        came = z[f"Float {money}"] + z[f"Given {money}"] + z[f"In {money}"]
        z[f"Expected {money}"] = came - z[f"Change {money}"] - z[f"Out {money}"]
        if f"Counted {money}" in z:
            z[f"Over {money}"] = z[f"Counted {money}"] - z[f"Expected {money}"]
    return z


if __name__ == "__main__":
    sys.stdout.writelines(f"{it} {z}\n" for it, z in sorted(recompute(*sys.argv[1:4]).items()))
