"""Where templates, static files, migrations and translations lie: in a checkout or a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

HOME: Path = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent
"""The folder that holds `templates/`, `static/`, `migrations/` and `translations/`.

A wheel carries them inside the package; a checkout has them beside it.
"""
