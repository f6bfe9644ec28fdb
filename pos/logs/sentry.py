"""Errors sent to a Sentry, where the operator has one: what failed and where, and nothing else.

No request, cookie, header, body, local variable, host name or breadcrumb leaves; of an error's
text the first line does, as the log has it. Nothing is sent unless `POS_SENTRY_DSN` is set.
"""

import logging
from collections.abc import Mapping
from typing import Any

from pos import logs
from pos.config import Settings
from pos.errors import ConfigError
from pos.logs.redaction import SECRETS
from pos.version import __version__

MOST_CHARACTERS = 200

KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk")
"""What of an event is sent as it is; the error itself is made anew."""

_FRAME = ("filename", "function", "module", "lineno", "in_app")
_MISSING = "POS_SENTRY_DSN is set, but sentry-sdk is not installed: pip install 'khqr-pos[sentry]'"


def open_sentry(settings: Settings) -> logging.Handler | None:
    """Send errors of this process from now on, where a DSN is set; return what hears them.

    ConfigError where the package is missing, or where the DSN is none.
    """
    dsn = settings.sentry_dsn.get_secret_value()
    if not dsn:
        return None
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import EventHandler
    except ImportError:
        raise ConfigError(_MISSING) from None
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=__version__,
            environment=settings.sentry_environment,
            before_send=_cleaned,
            # It would hang itself into other packages, and send headers of its own to banks.
            default_integrations=False,
            auto_enabling_integrations=False,
            # `send_default_pii` is off unless asked for; to say so is deprecated, and warns.
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
        )
    except ValueError:
        raise ConfigError("POS_SENTRY_DSN: it cannot be read as a DSN") from None
    handler: logging.Handler = EventHandler(logging.ERROR)
    logging.getLogger().addHandler(handler)
    return handler


def _cleaned(event: Any, _hint: Mapping[str, Any]) -> Any:
    """Return the event that is sent: of the one that was made only what is known to be safe."""
    sent = {name: event[name] for name in KEPT if name in event}
    sent["tags"] = {name: str(it) for name, it in logs.facts().items() if name in logs.ON_A_LINE}
    # The pattern alone, which groups what is alike: its values may be anybody's.
    sent["logentry"] = {"message": _line(event.get("logentry", {}).get("message", ""))}
    values = event.get("exception", {}).get("values", ())
    sent["exception"] = {"values": [_error(one) for one in values]}
    return SECRETS.value("", sent)


def _error(one: Mapping[str, Any]) -> dict[str, Any]:
    frames = (one.get("stacktrace") or {}).get("frames", ())
    return {
        "type": one.get("type"),
        "module": one.get("module"),
        "value": _line(one.get("value") or ""),
        "stacktrace": {"frames": [{name: frame.get(name) for name in _FRAME} for frame in frames]},
    }


def _line(text: object) -> str:
    """The first line of a text, without secrets; what follows may be a whole row of the books."""
    first = SECRETS.text(str(text)).partition("\n")[0].partition("[SQL")[0]
    return logs.one_line(first[:MOST_CHARACTERS])
