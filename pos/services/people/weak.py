"""Passwords that are tried first: of words and rows of keys that everybody knows. Pure.

Lists of leaked passwords have hardly any of twelve characters that is not made of such parts;
so the parts are taken out, and what is left must still be something.
Source: OWASP ASVS 5.0.0, 6.2.4.
"""

import re

LEAST_SIGNS = 4

_WORDS = (
    *("password", "passw0rd", "p@ssword", "p@ssw0rd", "passwort", "letmein", "welcome", "admin"),
    *("administrator", "manager", "cashier", "owner", "secret", "login", "default", "changeme"),
    *("iloveyou", "princess", "sunshine", "football", "baseball", "superman", "batman", "monkey"),
    *("dragon", "master", "shadow", "michael", "jordan", "charlie", "computer", "internet"),
    *("whatever", "trustno1", "starwars", "freedom", "samsung", "google", "facebook", "hello"),
    *("khmer", "cambodia", "kampuchea", "phnompenh", "siemreap", "angkor", "khqr", "bakong"),
    *("january", "february", "march", "april", "august", "september", "october", "november"),
    *("december", "monday", "friday", "sunday", "summer", "winter", "test", "user", "pos"),
)
_ROWS = (
    *("01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qwertzuiop"),
    *("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6", "1qaz2wsx3edc4rfv5tgb", "abcdefghijklmnopqrstuvwxyz"),
)
_SHORTEST_RUN = 3

_PARTS = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))
_YEAR = re.compile(r"(19|20)\d\d")


def is_weak(password: str) -> bool:
    """Return whether a password is among the first to be tried."""
    rest = _YEAR.sub("", _PARTS.sub("", password.lower()))
    for row in _ROWS:
        rest = _without(_without(rest, row), row[::-1])
    return len(set(filter(str.isalnum, rest))) < LEAST_SIGNS


def _without(text: str, row: str) -> str:
    """Take out every stretch of a row of keys that is in a text."""
    kept, at = "", 0
    while at < len(text):
        length = _stretch(text, at, row)
        kept, at = (kept, at + length) if length else (kept + text[at], at + 1)
    return kept


def _stretch(text: str, at: int, row: str) -> int:
    """Return how many signs from here on stand in a row of keys; 0 for too few of them."""
    length = 0
    while at + length < len(text) and text[at : at + length + 1] in row:
        length += 1
    return length if length >= _SHORTEST_RUN else 0
