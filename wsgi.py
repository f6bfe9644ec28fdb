"""The app for a WSGI server (`gunicorn wsgi:app`) and for `flask`, which finds this file."""

import sys

from pos import serve
from pos.errors import ConfigError

try:
    app = serve()
except ConfigError as problem:
    sys.exit(str(problem))
