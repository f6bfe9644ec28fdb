"""The signed session of a browser, which no change of the clock makes void.

Flask's own session refuses a cookie that was signed later than now, so a clock that is set back
by an hour would throw everybody out for an hour. How long a login lives is written in the books,
not in the cookie.
"""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class Session(SecureCookieSessionInterface):
    """Flask's session in a signed cookie, whatever time it was signed at."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the browser's cookie holds; an empty session where it is not ours."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        signed = request.cookies.get(self.get_cookie_name(app))
        try:
            return self.session_class(serializer.loads(signed) if signed else None)
        except BadSignature:
            return self.session_class()


def init_app(app: Flask) -> None:
    """Have an app read its cookies so."""
    app.session_interface = Session()
