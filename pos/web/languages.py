"""Which language a page speaks; what is said in it comes from `pos/catalogue.py`."""

from typing import Any

import flask
from babel.support import NullTranslations
from flask import Flask, has_request_context, render_template, request
from flask_babel import Domain, force_locale, get_locale
from markupsafe import Markup
from werkzeug.wrappers import Response

from pos.catalogue import of_language, said_in
from pos.extensions import babel
from pos.web import cookies
from pos.words import Language, _

NAMES = {Language.ENGLISH: "English", Language.KHMER: "ខ្មែរ"}
"""Each language as those who speak it write it."""


class Catalogue(Domain):
    """The sentences of the language that the page at hand speaks."""

    def get_translations(self) -> NullTranslations:
        """Return the translations for this request; English outside of one."""
        return of_language(language())


def init_app(app: Flask) -> None:
    """Let an app's templates speak: `_()` for their own sentences, and any `Words` by itself."""
    babel.init_app(app, locale_selector=wish)
    babel.domain_instance = Catalogue()
    env = app.jinja_env
    env.globals.update(_=written, gettext=written, language=language, languages=NAMES)
    env.globals.update(in_khmer=in_khmer, sentence=_, here=here)
    env.finalize = said


def language() -> Language:
    """Return what the page at hand speaks; English where there is none."""
    return Language(str(get_locale() or Language.ENGLISH))


def render_in(spoken: Language, template: str, **given: Any) -> str:
    """Return a page in a language of its own, whatever the browser chose."""
    with force_locale(spoken):
        return render_template(template, **given)


def wish() -> Language:
    """Return what was chosen at this browser, else what it asks for, else English."""
    if not has_request_context():
        return Language.ENGLISH
    chosen = cookies.value_of(cookies.LANGUAGE)
    if chosen in NAMES:
        return Language(chosen)
    return Language(request.accept_languages.best_match(list(NAMES), Language.ENGLISH))


def said(text: Any) -> Any:
    """Return a sentence in the language of the page; anything else as it is."""
    return said_in(babel.domain_instance.get_translations(), text)


def in_khmer(text: str) -> str:
    """Return a sentence of the catalogue in Khmer, whatever the page speaks."""
    return of_language(Language.KHMER).gettext(text)


def written(pattern: str, /, **values: Any) -> Markup:
    """Return a template's own sentence in the page's language, its values made safe for HTML."""
    translations = babel.domain_instance.get_translations()
    shown = {name: said_in(translations, value) for name, value in values.items()}
    return Markup(translations.gettext(pattern)) % shown


def here() -> str:
    """Return where the switch leads back to: this page, if it can be asked for again.

    Without its query: what somebody wrote into an address is drawn on no page.
    """
    rule = request.url_rule
    can_get = rule is not None and "GET" in (rule.methods or ())
    return request.path if can_get else ""


def flash(text: str) -> None:
    """Keep a sentence for the next page; the cookie that carries it has room for one language."""
    flask.flash(said(text))


def as_chosen(answer: Response, chosen: Language | None) -> Response:
    """Return an answer that lets this browser speak what its person chose, if they did."""
    if chosen is not None:
        choose(answer, chosen)
    return answer


def choose(answer: Response, chosen: Language) -> None:
    """Let this browser speak a language from now on."""
    cookies.keep(answer, cookies.LANGUAGE, chosen, seconds=cookies.YEAR)
