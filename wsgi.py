"""The app for a WSGI server (`gunicorn wsgi:app`) and for `flask`, which finds this file."""

from pos import create_app

app = create_app()
