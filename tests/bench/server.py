"""What gunicorn serves while it is measured: the shop's app, and beside it a bare Flask app."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from pos import create_app

BARE = "/bare"


def create_bare() -> Flask:
    """Return the least that Flask can do: one route, one word."""
    app = Flask("bare")
    app.add_url_rule(BARE, view_func=lambda: "ok", endpoint="bare")
    return app


def create_both() -> WSGIApplication:
    """Return one WSGI app: `/bare` is the bare one's, the rest is the shop's."""
    bare, shop = create_bare(), create_app()

    def both(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        chosen = bare if environ["PATH_INFO"] == BARE else shop
        return chosen(environ, start)

    return both
