"""Which browser somebody uses, in two words: a hint for people, and never a proof."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""What stands in a browser's name for itself, the more telling first: most call themselves Safari.

Source: the User-Agent headers of these browsers, November 2026.
"""


def browser_of(user_agent: str) -> str:
    """Return "Chrome, Android" for what a browser calls itself; "" where nothing is known."""
    found = (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
    return ", ".join(word for word in found if word)


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((word for sign, word in names if sign in text), "")
