"""A document in one language: what a paper says stays English until it is known who reads it."""

from collections.abc import Iterable
from dataclasses import replace

from pos.catalogue import of_language, said_in
from pos.paper.document import Document, Line, Section, Table
from pos.words import Language


def in_language(document: Document, spoken: Language) -> Document:
    """Return a document with every sentence of the house in a language; names stay as they are."""
    return _Speaker(spoken).document(document)


class _Speaker:
    def __init__(self, spoken: Language) -> None:
        self.translations = of_language(spoken)

    def said(self, text: str) -> str:
        return text if type(text) is str else str(said_in(self.translations, text))

    def all(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.said(text) for text in texts)

    def document(self, one: Document) -> Document:
        return replace(
            one,
            subtitle=self.said(one.subtitle),
            head=self.all(one.head),
            title=self.said(one.title),
            flags=self.all(one.flags),
            facts=self.lines(one.facts),
            sections=tuple(self.section(section) for section in one.sections),
            signs=self.all(one.signs),
            foot=self.said(one.foot),
        )

    def lines(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(
            replace(one, label=self.said(one.label), value=self.said(one.value)) for one in lines
        )

    def section(self, one: Section) -> Section:
        return replace(
            one,
            heading=self.said(one.heading),
            notes=self.all(one.notes),
            lines=self.lines(one.lines),
            table=self.table(one.table) if one.table else None,
        )

    def table(self, one: Table) -> Table:
        rows = zip(*(self.column(cells) for cells in zip(*one.rows, strict=True)), strict=True)
        return replace(one, columns=self.all(one.columns), rows=tuple(rows))

    def column(self, cells: tuple[str, ...]) -> Iterable[str]:
        """Say each sentence once: a long table has few, and most columns have none."""
        if set(map(type, cells)) == {str}:
            return cells
        said = {key: self.said(one) for key, one in {id(one): one for one in cells}.items()}
        return [said[id(one)] for one in cells]
