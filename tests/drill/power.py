"""The power goes while a till sells: what was only in memory is gone, what was synced is there."""

import time
from pathlib import Path

from pos.launch.children import Children
from tests.drill.disk import is_whole
from tests.drill.lines import Line
from tests.drill.scene import Scene
from tests.drill.shop import DrillShop, put_back
from tests.drill.till import Rush, Till
from tests.eyes import look_into
from tests.soak.witness import Witness

RUSH_SECONDS = 3.0
CARELESS = "tests.drill.careless"
"""The same programs, whose SQLite does not wait for the disk."""


def settings(library: Path, data: Path, kept: Path) -> dict[str, str]:
    """Return what makes programs keep what they sync of the databases in `data`."""
    kept.mkdir(parents=True, exist_ok=True)
    names = {"POWERCUT_DATA": f"{data}/pos.db", "POWERCUT_KEPT": str(kept)}
    return {"LD_PRELOAD": str(library), **names}


def power_cut(scene: Scene, kept: Path) -> Line:
    """Cut the power under sales; all that was acknowledged must be there afterwards."""
    panel = scene.till.charge()
    scene.shop.pay(panel.qr)
    green = scene.wait_paid(panel.tran_id, 40)
    rush = Rush(scene.second)
    time.sleep(RUSH_SECONDS)
    known = sorted(scene.witness.cash)
    _cut(scene.shop, kept)
    lost = len(known) - _known_by(scene.shop, known)
    whole = is_whole(scene.shop.books)
    scene.shop.open()
    rush.stop()
    still = scene.wait_paid(panel.tran_id, 20)
    file = "whole" if whole else "damaged"
    seen = f"of {len(known)} cash sales that tills had seen {lost} are lost, the file is {file}"
    held = bool(known) and not lost and whole and None not in (green, still)
    return Line("the power goes while a till sells", seen, held)


def careless(folder: Path, children: Children, library: Path) -> Line:
    """The same with a database that does not wait for the disk: it must lose sales."""
    kept, data, witness = folder / "kept", folder / "shop", Witness()
    shop = DrillShop(folder, children, 1, **settings(library, data, kept))
    shop.open(CARELESS)
    (name, till_id), *_rest = shop.people.items()
    rush = Rush(Till(shop.url, name, till_id, witness))
    time.sleep(RUSH_SECONDS)
    rush.stop()
    known = sorted(witness.cash)
    _cut(shop, kept)
    lost = len(known) - _known_by(shop, known)
    shop.close()
    seen = f"of {len(known)} cash sales {lost} are lost, so a cut can be seen"
    done = "the same, with SQLite that does not wait for the disk (the counter-proof)"
    return Line(done, seen, bool(lost))


def _cut(shop: DrillShop, kept: Path) -> None:
    """Kill all programs in one moment, and leave of their database what was synced."""
    shop.kill("web", "worker")
    put_back(kept, shop.instance.folder)


def _known_by(shop: DrillShop, keys: list[str]) -> int:
    eye = look_into(shop.books)
    try:
        marks = ", ".join("?" * len(keys))
        query = f"SELECT count(*) AS many FROM sale WHERE key IN ({marks})"
        return int(eye.execute(query, tuple(keys)).fetchone()["many"])
    finally:
        eye.close()
