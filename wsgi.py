"""The app for a WSGI server (`gunicorn wsgi:app`) and for `flask`, which finds this file."""

import sys

from pos import create_app
from pos.errors import ConfigError

try:
    app = create_app()
except ConfigError as problem:
    sys.exit(str(problem))
