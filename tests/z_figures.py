"""A Z report beside what the exported CSV files say of it."""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from pos.money import Currency, Money
from pos.reports.exporting import csv_text, export_table
from pos.reports.exporting.export_table import Span
from pos.reports.exporting.exports import EXPORTS

STEPS = {"Float": "opening", "Given": "given", "Change": "change", "In": "paid_in"}
"""The figures of a drawer as the files and the report call them."""


def write_csvs(folder: Path, span: Span) -> None:
    """Export every table of these days into a folder, as a manager would."""
    for name, export in EXPORTS.items():
        pieces = csv_text.write(export, export_table.rows(export, span))
        (folder / f"{name}.csv").write_bytes(b"".join(pieces))


def figures(body: str) -> dict[str, Decimal]:
    """Return what a stored report says, by the names that `recompute_z` gives."""
    z = json.loads(body)
    told: dict[str, Decimal] = defaultdict(Decimal)
    for one in z["totals"]:
        told[f"KHQR {one['currency']}"] += _amount(one["amount"])
        told[f"KHQR {one['currency']} count"] += Decimal(one["count"])
    for one in z["refunds"]["totals"] if z["refunds"] else ():
        if one["of_sales"]:
            told[f"KHQR given back {one['currency']}"] += _amount(one["amount"])
    told["Keyed rounding KHR"] = _amount(z["keyed_rounding"])
    for one in z["discounts"]:
        told[f"Discount {one['currency']}"] += _amount(one["amount"])
    for one in z["tips"]:
        told[f"Tip {one['currency']}"] += _amount(one["amount"])
    return told | _cash(z["cash"])


def _cash(cash: dict[str, Any]) -> dict[str, Decimal]:
    told = {"Rounding KHR": _amount(cash["rounding"])}
    for one in cash["totals"]:
        told[f"Cash {one['currency']}"] = _amount(one["amount"])
        told[f"Cash {one['currency']} count"] = Decimal(one["count"])
        told[f"Cash given back {one['currency']}"] = _amount(one["refunded"])
    for line in cash["lines"]:
        for figure, name in STEPS.items():
            told[f"{figure} {line['currency']}"] = _amount(line[name])
        out = _amount(line["refunds"]) + _amount(line["paid_out"])
        told[f"Out {line['currency']}"] = out
        told[f"Expected {line['currency']}"] = _amount(line["expected"])
        if line["counted"]:
            told[f"Counted {line['currency']}"] = _amount(line["counted"])
            told[f"Over {line['currency']}"] = _amount(line["over"])
    return told


def _amount(money: dict[str, Any]) -> Decimal:
    return Money(money["minor"], Currency(money["currency"])).decimal


def difference(told: dict[str, Decimal], found: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return by how much the files are off, for each figure that is; empty where all agree."""
    names = sorted({*told, *found})
    off = {name: found.get(name, Decimal(0)) - told.get(name, Decimal(0)) for name in names}
    return {name: by for name, by in off.items() if by}
