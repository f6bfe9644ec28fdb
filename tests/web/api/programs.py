"""A program of another system at work: it has a token, and speaks JSON."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pos.extensions import db
from pos.models import User
from pos.permissions import Scope
from pos.services.api import tokens
from tests.factories import Person

ALL = frozenset(Scope)


@dataclass
class Program:
    """Calls the API with its access token."""

    client: FlaskClient
    token_id: int
    refresh: str
    access: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.access}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(path, method=method, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("POST", path, {} if body is None else body, **headers)

    def renew(self) -> TestResponse:
        """Spend the refresh token and go on with what comes."""
        answer = self.client.post("/api/v1/token", json={"refresh_token": self.refresh})
        if answer.status_code == 200:
            self.access, self.refresh = answer.json["access_token"], answer.json["refresh_token"]
        return answer


def start(
    app: Flask, owner: Person, scopes: Collection[Scope] = ALL, customer: str = ""
) -> Program:
    """Give a person's program a token and let it come in."""
    with app.app_context():
        person = db.session.get_one(User, owner.id)
        row, text = tokens.create(person, "web shop", scopes, by="test", customer=customer)
        token_id = row.id
    program = Program(app.test_client(), token_id, text, "")
    assert program.renew().status_code == 200
    return program
