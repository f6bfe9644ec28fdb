"""Makes the web fonts of static/fonts/ from the published ones: `python -m docs.fonts FOLDER`.

FOLDER holds the files of the npm package that static/fonts/README.md names. Needs fonttools and
brotli (`pip install fonttools brotli`), which nothing else here does.
"""

import sys
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from fontTools.varLib.iup import iup_delta

FONTS = Path(__file__).parents[1] / "static" / "fonts"

WEIGHTS = (400, 400, 700)
"""The lightest that the pages use, the one that the outlines are drawn in, the boldest."""

LATIN = [
    *range(0x20, 0x7F),
    0xA0,
    0xB7,
    0xD7,
    0x2013,
    0x2014,
    0x2018,
    0x2019,
    0x201C,
    0x201D,
    0x2026,
]
"""What English and figures are written with; other letters wait for a name that has them."""

KHMER = [*range(0x1780, 0x17DB), *range(0x17DC, 0x17FA), 0x200C, 0x200D, 0x25CC]
"""The script without its riel sign and its lunar dates, which no page writes."""

SIGNS = [ord("៛"), *sorted({ord(letter) for letter in "ខ្មែរ"})]
"""All that an English page has of it: the sign of riel, and the language's own name."""


def main(folder: Path) -> None:
    """Write the four files anew, and print their sizes."""
    latin = folder / "kantumruy-pro-latin-wght-normal.woff2"
    khmer = folder / "kantumruy-pro-khmer-wght-normal.woff2"
    rest = sorted(set(TTFont(latin).getBestCmap()) - set(LATIN))
    write(even_digits(TTFont(latin)), LATIN, "latin")
    write(TTFont(latin), rest, "latin-rest")
    write(TTFont(khmer), KHMER, "khmer")
    write(TTFont(khmer), SIGNS, "signs")


def write(font: TTFont, letters: list[int], name: str) -> None:
    """Write a font with these letters alone, in the weights that the pages use."""
    options = Options(hinting=False, glyph_names=False, notdef_outline=True)
    options.layout_features = ["*"]
    options.name_IDs = [0, 1, 2, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    small = instantiateVariableFont(font, {"wght": WEIGHTS})
    small.flavor = "woff2"
    path = FONTS / f"kantumruy-pro-{name}.woff2"
    small.save(path)
    print(f"{path.name}: {path.stat().st_size} bytes")  # noqa: T201


def even_digits(font: TTFont) -> TTFont:
    """Give the ten digits one width at every weight, that of the 0: the family has no other."""
    glyf, hmtx = font["glyf"], font["hmtx"]
    zero, *others = (font.getBestCmap()[ord(digit)] for digit in "0123456789")
    growth = {axes: _growth(one) for axes, one in _whole_deltas(font, zero)}
    width = hmtx[zero][0]
    for name in others:
        shift = round((width - hmtx[name][0]) / 2)
        for axes, one in _whole_deltas(font, name):
            move = round((growth[axes] - _growth(one)) / 2) - one.coordinates[-4][0]
            body = [(x + move, y) for x, y in one.coordinates[:-4]]
            one.coordinates = [*body, (0, 0), (growth[axes], 0), (0, 0), (0, 0)]
        glyf[name].coordinates.translate((shift, 0))
        glyf[name].recalcBounds(glyf)
        hmtx[name] = (width, hmtx[name][1] + shift)
    del font["HVAR"]  # the phantom points now tell the widths
    return font


def _growth(variation: Any) -> int:
    """Return how much wider a glyph gets: its last four points are left, right, top, bottom."""
    points = variation.coordinates
    return int(points[-3][0] - points[-4][0])


def _whole_deltas(font: TTFont, name: str) -> list[tuple[str, Any]]:
    """Return (axes, variation) with a delta for every point: none left to be interpolated."""
    points, control = font["glyf"]._getCoordinatesAndControls(name, font["hmtx"].metrics)
    found = []
    for one in font["gvar"].variations[name]:
        full = iup_delta(one.coordinates, list(points), control.endPts)
        one.coordinates = [(round(x), round(y)) for x, y in full]
        found.append((str(sorted(one.axes.items())), one))
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
