"""Makes apps quicker to build: the same routes are compiled once for all apps of a test run."""

from typing import Any

from werkzeug.routing import Rule

_compile = Rule._compile_builder
_made: dict[tuple[Any, ...], Any] = {}


def compile_once() -> None:
    """From now on write the function that builds a route's address once, not for each app.

    Werkzeug writes and compiles two for each route, and a test has an app of its own: with 160
    routes that took longer than many a test. They keep nothing of the app that they came from.
    """
    Rule._compile_builder = _compile_once  # type: ignore[method-assign]


def _compile_once(rule: Rule, append_unknown: bool = True) -> Any:
    defaults = sorted((rule.defaults or {}).items())
    key = (rule.rule, append_unknown, *rule._trace, *defaults)
    if key not in _made:
        _made[key] = _compile(rule, append_unknown)
    return _made[key]
