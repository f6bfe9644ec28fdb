"""The README's table of settings, written from the fields of `Settings`: `python -m docs.settings`.

A test fails while the table in the README is not this one.
"""

from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from pos.config import Settings

README = Path(__file__).parents[1] / "README.md"
BEGIN = "<!-- settings: written by `python -m docs.settings` -->\n"
END = "<!-- end of settings -->\n"


def table() -> str:
    """Return every setting as a row of a Markdown table: variable, default, meaning."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `POS_{name.upper()}` | {_default(field)} | {field.description} |")
    return "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "none: must be set"
    if isinstance(field.default, tuple):
        return "`" + ", ".join(f"{one:g}" for one in field.default) + "`"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return "empty" if field.default is None or not str(field.default) else f"`{field.default}`"


def secret_files() -> list[str]:
    """Return the variables that name a file with a secret in it."""
    kinds = {name: field.annotation for name, field in Settings.model_fields.items()}
    return [f"POS_{name.upper()}_FILE" for name, kind in kinds.items() if kind is SecretStr]


def write(path: Path = README) -> None:
    """Put the table between its two marks in a file."""
    before, rest = path.read_text().split(BEGIN)
    _old, after = rest.split(END)
    path.write_text(before + BEGIN + table() + END + after)


if __name__ == "__main__":
    write()
