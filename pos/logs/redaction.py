"""What no log may hold: known secrets, what is named as one, and what looks like one. Pure.

What is found is replaced whole: not even its first letters are left. Rather too much than too
little is hidden; the books hold what was really said.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

HIDDEN = "[hidden]"

PART = 8
"""So many characters of a known secret, one after the other, are too many."""

FEWEST_SIGNS = 5
"""A part of fewer different characters, such as a row of dashes, says nothing of a secret."""

LEAST = 6
"""Shorter texts would be found in the middle of words."""

MOST_KNOWN = 1_000
"""Secrets that are looked for by their value; an installation has some dozens."""

_WORDS = (
    r"pass(?:word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|merchant[_-]?auth"
    r"|signature|hmac[\w-]*|csrf|credentials?|session|dsn"
)
_NAME = re.compile(
    rf"(?:.*[_-])?(?:{_WORDS}|pin|hash|key|code|authorization|cookies?)(?:[_-]?sealed|s)?",
    re.IGNORECASE,
)
_QUOTED = r'"(?:\\.|[^"\\])*"?' + r"|'(?:\\.|[^'\\])*'?"
_NAMED = re.compile(
    rf"""((?:\b|[_-])(?:{_WORDS}|pin|hash|key|sealed)["']?\s*[:=]\s*b?)({_QUOTED}|[^\s,;&)}}\]>]+)""",
    re.IGNORECASE,
)
_TO_THE_END = re.compile(
    r"""((?:authorization|\bcookie|set-cookie)["']?\s*[:=]\s*)[^\r\n]+""", re.IGNORECASE
)
_LOOKS = re.compile(
    "|".join(
        (
            r"(?<=/r/)[\w.~%-]+",  # the link to a payer's receipt
            r"\beyJ[\w-]{6,}(?:\.[\w-]*)*",  # a JSON Web Token
            r"\bgAAAA[\w=-]{20,}",  # sealed by the vault
            r"\b\d{6,}:[\w-]{20,}",  # a Telegram bot's token
            r"(?<=://)[^\s/@]+(?=@)",  # a login in an address
            r"(?i:(?<=\bbearer )\s*[\w.~+/=-]{6,})",
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*-----|\Z)",
            # As `secrets.token_urlsafe` makes them; a hash in hexadecimal is none.
            r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{32,}",
        )
    ),
    re.ASCII,
)
_RUN = re.compile(rf"\S{{{PART},}}")


class Redaction:
    """Hides secrets in texts; more of them may be learnt at any time."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: dict[str, None] = {}
        self._parts: set[str] = set()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Hide this secret, or eight characters of it, from now on; a short one only whole."""
        if len(secret) < LEAST or secret in self._known or len(self._known) >= MOST_KNOWN:
            return
        self._known[secret] = None
        for line in {*secret.splitlines(), quote(secret, safe="")}:
            if not line.startswith("-----"):
                self._parts.update(_parts(line))

    def text(self, text: str) -> str:
        """Return the text without any secret that can be told from others."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        text = _TO_THE_END.sub(rf"\1{HIDDEN}", text)
        text = _NAMED.sub(rf"\1{HIDDEN}", text)
        text = _LOOKS.sub(HIDDEN, text)
        return _RUN.sub(self._without_parts, text) if self._parts else text

    def value(self, name: str, value: Any) -> Any:
        """Return what stands under a name without secrets: plain values, lists and mappings."""
        if value in (None, "") or isinstance(value, bool):
            return value
        if _NAME.fullmatch(name):
            return HIDDEN
        if isinstance(value, (int, float)):
            return value
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(str(key), it) for key, it in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.value("", one) for one in value]
        return self.text(str(value))

    def _without_parts(self, found: re.Match[str]) -> str:
        run = found[0]
        at = range(len(run) - PART + 1)
        return HIDDEN if any(run[one : one + PART] in self._parts for one in at) else run


def _parts(secret: str) -> set[str]:
    cuts = {secret[at : at + PART] for at in range(len(secret) - PART + 1)}
    return {cut for cut in cuts if len(set(cut)) >= FEWEST_SIGNS}


SECRETS = Redaction()
"""What this process knows of secrets; whoever opens a sealed one lets it learn."""
