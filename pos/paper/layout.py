"""Where everything of a document stands on its paper: bands from top to bottom, in points.

A band is never cut by the end of a page. Who draws it says how wide a text is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pos.paper import wrapping
from pos.paper.document import Document, Line, Paper, Section, Table

Measure = Callable[[str, float, bool], float]
"""How wide a text is in points, at a size, in bold or not."""

MM = 72 / 25.4
GAP = 8.0
SIZES = {Paper.A4: 9.0, Paper.ROLL: 8.5}
WIDTHS = {Paper.A4: 182 * MM, Paper.ROLL: 72 * MM}
"""The printable width: A4 less 14 mm each side; 72 mm of an 80 mm roll."""


@dataclass(frozen=True)
class Text:
    """A text from `x` rightwards; `y` is its baseline, down from the band's top."""

    x: float
    y: float
    text: str
    size: float
    is_bold: bool


@dataclass(frozen=True)
class Rule:
    """A line drawn from `x` to `end`, `y` down from the band's top."""

    x: float
    end: float
    y: float
    thickness: float


@dataclass(frozen=True)
class Band:
    """What stands side by side; a `keeps` band stays with the next one."""

    height: float
    texts: tuple[Text, ...] = ()
    rules: tuple[Rule, ...] = ()
    keeps: bool = False


class Layout:
    """Lays one document on one paper."""

    def __init__(self, paper: Paper, measure: Measure) -> None:
        self.paper, self.measure = paper, measure
        self.size, self.width = SIZES[paper], WIDTHS[paper]
        # Across a whole A4 sheet the eye loses the line between a label and its value.
        self.fact_width = min(self.width, 110 * MM)

    def bands(self, document: Document) -> list[Band]:
        """Return the document from top to bottom."""
        return list(self._document(document))

    def _document(self, one: Document) -> Iterator[Band]:
        yield self._block(one.shop, size=self.size * 1.3, is_bold=True, align=0.5)
        if one.subtitle:
            yield self._block(one.subtitle, align=0.5)
        yield from (self._block(line, align=0.5) for line in one.head)
        yield self._block(one.title, size=self.size * 1.6, is_bold=True, align=0.5)
        for flag in one.flags:
            yield Band(GAP / 2)
            yield self._boxed(flag)
        yield Band(GAP)
        yield from (self._fact(line) for line in one.facts)
        for section in one.sections:
            yield from self._section(section)
        if one.signs:
            yield self._signs(one.signs)
        if one.closing:
            yield Band(GAP)
            yield from (self._block(line, align=0.5) for line in one.closing)
        if one.foot:
            yield Band(GAP)
            yield self._block(one.foot, size=self.size * 0.9, align=0.5)

    def _section(self, section: Section) -> Iterator[Band]:
        yield Band(GAP * 1.5)
        yield self._ruled(
            self._block(section.heading, is_bold=True), 1.6 if section.is_grave else 1
        )
        yield from (self._block(note) for note in section.notes)
        yield from (self._fact(line) for line in section.lines)
        if section.table:
            rows = self._wide if self.paper is Paper.A4 else self._narrow
            yield from rows(section.table)
        if section.is_grave:
            yield Band(4, rules=(Rule(0, self.width, 3, 1.6),))

    def _ruled(self, band: Band, thickness: float) -> Band:
        rule = Rule(0, self.width, band.height + 1, thickness)
        return Band(band.height + 4, band.texts, (rule,), keeps=True)

    def _block(
        self, text: str, *, size: float = 0, is_bold: bool = False, align: float = 0
    ) -> Band:
        return self._row([(text, 0, self.width, align)], size or self.size, is_bold)

    def _boxed(self, text: str) -> Band:
        band = self._block(text, is_bold=True, align=0.5)
        ends = (Rule(0, self.width, 0, 1), Rule(0, self.width, band.height + 3, 1))
        return Band(band.height + 4, band.texts, ends)

    def _fact(self, line: Line) -> Band:
        """The label at the left, the value at the right, each wrapped in its own part."""
        natural = self.measure(line.label, self.size, line.is_strong) + 0.1
        edge = min(natural, self.fact_width * 0.6) + GAP
        room = self.fact_width - edge
        cells = [(line.label, 0.0, edge - GAP, 0.0), (line.value, edge, room, 1.0)]
        return self._row(cells, self.size, line.is_strong)

    def _signs(self, signs: tuple[str, ...]) -> Band:
        part = self.width / len(signs)
        cells = [(sign, at * part, part - GAP, 0.0) for at, sign in enumerate(signs)]
        band = self._row(cells, self.size, False, top=40)
        return Band(band.height, band.texts, tuple(Rule(x, x + w, 38, 0.6) for _, x, w, _ in cells))

    def _wide(self, table: Table) -> Iterator[Band]:
        """Draw a table as a table, its columns as wide as they need to be."""
        widths = self._columns(table)
        lefts = [sum(widths[:at]) + GAP * at for at in range(len(widths))]
        aligns = [float(at in table.figures) for at in range(len(widths))]

        def row(cells: tuple[str, ...], is_bold: bool) -> Band:
            placed = list(zip(cells, lefts, widths, aligns, strict=True))
            return self._row(placed, self.size * 0.9, is_bold)

        yield self._ruled(row(table.columns, True), 0.4)
        yield from (row(cells, False) for cells in table.rows)

    def _columns(self, table: Table) -> list[float]:
        """Share the width: a column gets what it needs, the widest ones what is left."""
        natural = [
            max(self.measure(text, self.size * 0.9, True) for text in column) + 1
            for column in zip(table.columns, *table.rows, strict=True)
        ]
        left = self.width - GAP * (len(natural) - 1)
        widths = [0.0] * len(natural)
        order = sorted(range(len(natural)), key=natural.__getitem__)
        for done, at in enumerate(order):
            widths[at] = min(natural[at], left / (len(order) - done))
            left -= widths[at]
        widths[-1] += left
        return widths

    def _narrow(self, table: Table) -> Iterator[Band]:
        """Draw a row as a line of its first and last cell, and what is between them below it."""
        for cells in table.rows:
            first = f"{table.columns[0]} {cells[0]}" if cells[0].isdigit() else cells[0]
            yield self._fact(Line(label=first, value=cells[-1], is_strong=True))
            named = zip(table.columns[1:-1], cells[1:-1], strict=True)
            rest = "; ".join(f"{name} {text}" for name, text in named if text)
            if rest:
                yield self._block(rest, size=self.size * 0.95)
            yield Band(3)

    def _row(
        self,
        cells: list[tuple[str, float, float, float]],
        size: float,
        is_bold: bool,
        top: float = 0,
    ) -> Band:
        """Set texts side by side; each is (text, left edge, width, 0 left to 1 right)."""

        def wide(text: str) -> float:
            return self.measure(text, size, is_bold)

        tall = size * (1.7 if any(wrapping.is_khmer(text) for text, *_ in cells) else 1.35)
        placed: list[Text] = []
        for text, x, width, align in cells:
            for at, line in enumerate(wrapping.wrap(text, width, wide)):
                left = x + max(width - wide(line), 0) * align
                placed.append(Text(left, top + tall * (at + 0.72), line, size, is_bold))
        lowest = max(text.y for text in placed)
        return Band(lowest + tall * 0.28, tuple(placed))
