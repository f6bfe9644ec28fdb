"""The figures of the shop for Prometheus: read from the books when it asks, so they are true.

Shut unless `POS_METRICS_TOKEN` is set, and open to who sends it. Nothing here has the name of a
person, a store or an account, and no figure grows with the number of payments.
"""

import hmac
from collections.abc import Iterator

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from pos.extensions import settings
from pos.reports.watching import gateway_figures, queue_figures, selling_figures
from pos.reports.watching.figure import Figure
from pos.version import __version__
from pos.web.request_counts import BOUNDS, ClassCounts, Counts

PREFIX = "khqr_pos_"

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Answer the figures to who has the token: 401 without it, 404 where none is set."""
    wanted = settings().metrics_token.get_secret_value()
    if not wanted:
        abort(404)
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    is_known = hmac.compare_digest(given.strip().encode(), wanted.encode())
    if kind.lower() != "bearer" or not is_known:
        return (
            "a token is needed\n",
            401,
            {"WWW-Authenticate": "Bearer", "Content-Type": "text/plain"},
        )
    figures = (*selling_figures.figures(), *gateway_figures.figures(), *queue_figures.figures())
    counts: Counts | None = current_app.extensions["pos_counts"]
    told = generate_latest(_Told(figures, counts.read() if counts else ()))
    return told, {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}


class _Told(Collector):
    """Figures as the package that writes them wants them."""

    def __init__(self, figures: tuple[Figure, ...], counts: tuple[ClassCounts, ...]) -> None:
        self._figures, self._counts = figures, counts

    def collect(self) -> Iterator[Metric]:
        """Yield each figure, its values in order."""
        version = GaugeMetricFamily(f"{PREFIX}info", "The program.", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        for one in self._figures:
            family = GaugeMetricFamily(PREFIX + one.name, one.says, labels=one.labels)
            for words, value in sorted(one.values.items()):
                family.add_metric(words, value)
            yield family
        yield from _requests(self._counts)


def _requests(counts: tuple[ClassCounts, ...]) -> Iterator[Metric]:
    """Yield the requests of this machine's web processes since the first start."""
    total = CounterMetricFamily(
        f"{PREFIX}http_requests", "Requests answered, by class of status.", labels=["status"]
    )
    took = HistogramMetricFamily(
        f"{PREFIX}http_request_seconds", "How long they took.", labels=["status"]
    )
    bounds = [*(f"{bound:g}" for bound in BOUNDS), "+Inf"]
    for one in counts:
        total.add_metric([one.name], one.up_to[-1])
        took.add_metric([one.name], list(zip(bounds, one.up_to, strict=True)), one.seconds)
    yield total
    yield took
