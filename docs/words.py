"""The catalogue of what the screens say, kept up with the sources: `make words`.

English stands in the sources. `translations/km/LC_MESSAGES/messages.po` has each sentence with
its Khmer; a new one is added empty, and one that nobody says any more is dropped. A test fails
while the catalogue is not what the sources say, or a sentence has no Khmer.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "translations" / "km" / "LC_MESSAGES" / "messages.po"

SOURCES = (
    ("pos", "**.py", "python", ("_",)),
    ("templates", "**.html", "jinja2", ("_", "sentence", "say", "in_khmer")),
)
"""Folders, their files, how they are read, and the functions that take a sentence there."""


def extract() -> Catalog:
    """Return every sentence that the sources say, without its places in them."""
    said = Catalog()
    for folder, names, method, functions in SOURCES:
        found = extract_from_dir(
            ROOT / folder,
            method_map=[(names, method)],
            options_map={names: {"silent": "false"}},
            keywords=dict.fromkeys(functions),
        )
        for _file, _line, message, _comments, _context in found:
            said.add(message)
    return said


def read(path: Path = CATALOGUE) -> Catalog:
    """Return the Khmer catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale="km")


def write(catalogue: Catalog, path: Path = CATALOGUE) -> None:
    """Write a catalogue in an order of its own, so that two people's changes seldom meet.

    Its head stays as it stands: Babel would write its own version into it.
    """
    head, _rest = CATALOGUE.read_bytes().split(b"\n\n", 1)
    body = BytesIO()
    write_po(body, catalogue, width=100, no_location=True, omit_header=True, sort_output=True)
    path.write_bytes(head + b"\n\n" + body.getvalue().lstrip(b"\n"))


def update(path: Path = CATALOGUE) -> list[str]:
    """Bring the catalogue up to the sources; return the sentences that have no Khmer yet."""
    catalogue = read(path)
    catalogue.update(extract(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(catalogue, path)
    return [str(message.id) for message in catalogue if message.id and not message.string]


if __name__ == "__main__":
    for sentence in update():
        sys.stdout.write(f"no Khmer yet: {sentence}\n")
