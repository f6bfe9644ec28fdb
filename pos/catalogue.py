"""Sentences of the house said in a language: for pages, and for messages that no page shows.

English stands in the sources and is its own catalogue; Khmer is read from its `.po` file as
it was written, so nothing has to be compiled between a translator and a till.
"""

from functools import lru_cache
from io import BytesIO
from typing import Any

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from pos.cash import Cash
from pos.paths import HOME
from pos.words import Day, Language, Words

DAY, SHORT_DAY = "EEE d MMM y", "d MMM"
"""How a day is written, in the words of its language."""


@lru_cache
def of_language(chosen: Language) -> NullTranslations:
    """Return the translations of a language, read once in the life of a process."""
    if chosen is Language.ENGLISH:
        return NullTranslations()
    path = HOME / "translations" / chosen / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=str(chosen)))
    compiled.seek(0)
    return Translations(compiled)


def said_in(translations: NullTranslations, text: Any) -> Any:
    """Return a sentence, and the sentences in it, translated; anything else as it is."""
    if isinstance(text, Cash):
        text = text.words
    if isinstance(text, Day):
        form = SHORT_DAY if text.is_short else DAY
        return format_date(text.on, form, locale=translations.info().get("language", "en"))
    if not isinstance(text, Words):
        return text
    values = {name: said_in(translations, value) for name, value in text.values.items()}
    return translations.gettext(text.pattern) % values


def say(chosen: Language, text: str) -> str:
    """Return a sentence in a language; a text that is no sentence of the house as it is."""
    return str(said_in(of_language(chosen), text))
