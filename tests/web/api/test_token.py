import base64
import json

import jwt
import pytest
from pydantic import SecretStr

from pos import create_app
from pos.errors import BadInput
from pos.extensions import db
from pos.models import User
from pos.permissions import Scope
from pos.services.api import jwts, tokens
from pos.services.people import users
from tests.conftest import SECRET_KEY, close
from tests.web.api import programs

HERE = "/api/v1/whoami"


def claims_of(text):
    return jwt.decode(text, options={"verify_signature": False})


def key_of(app):
    with app.app_context():
        return jwts.signing_key()


def test_a_program_learns_who_it_is_by_its_access_token(program):
    answer = program.get(HERE)
    assert (answer.status_code, answer.json["name"]) == (200, "web shop")
    assert answer.json["scope"] == "read charge refund report admin"


def test_a_token_says_whose_it_is_and_nothing_of_what_it_may(program):
    told = claims_of(program.access)
    assert set(told) == {"iss", "aud", "exp", "nbf", "iat", "jti", "typ", "sub"}
    assert (told["typ"], told["exp"] - told["nbf"]) == ("access", 15 * 60)


def test_an_access_token_is_good_for_a_quarter_of_an_hour(program, clock):
    clock.advance(minutes=14, seconds=59)
    assert program.get(HERE).status_code == 200
    clock.advance(seconds=1)
    assert program.get(HERE).status_code == 401
    assert program.renew().status_code == 200
    assert program.get(HERE).status_code == 200


def test_a_refresh_token_that_comes_twice_ends_the_whole_family(program):
    copied = program.refresh
    assert program.renew().status_code == 200
    answer = program.client.post("/api/v1/token", json={"refresh_token": copied})
    assert (answer.status_code, "used before" in answer.json["detail"]) == (401, True)
    assert program.get(HERE).status_code == 401
    assert program.renew().status_code == 401


def test_each_of_the_two_kinds_is_good_for_its_own_purpose_alone(program):
    access, refresh = program.access, program.refresh
    program.access = refresh
    assert program.get(HERE).status_code == 401
    answer = program.client.post("/api/v1/token", json={"refresh_token": access})
    assert answer.status_code == 401
    program.access = access
    assert program.get(HERE).status_code == 200


def forged(app, program, **changes):
    told = {**claims_of(program.access), **changes.pop("claims", {})}
    gone = changes.pop("without", "")
    told = {name: value for name, value in told.items() if name != gone}
    return jwt.encode(told, changes.pop("key", key_of(app)), **{"algorithm": "HS256", **changes})


def unsigned(program):
    def part(what):
        return base64.urlsafe_b64encode(json.dumps(what).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims_of(program.access))}."


FORGERIES = {
    "no algorithm": lambda app, one: unsigned(one),
    "another algorithm": lambda app, one: forged(app, one, algorithm="HS512", key=b"k" * 64),
    "the same key, another algorithm": lambda app, one: forged(app, one, algorithm="HS384"),
    "the shop's secret itself": lambda app, one: forged(app, one, key=SECRET_KEY.encode()),
    "a key named in the header": lambda app, one: forged(
        app, one, key=b"k" * 32, headers={"kid": "/dev/null", "jku": "https://evil.example"}
    ),
    "another audience": lambda app, one: forged(app, one, claims={"aud": "other"}),
    "another issuer": lambda app, one: forged(app, one, claims={"iss": "other"}),
    "another family": lambda app, one: forged(app, one, claims={"sub": "77"}),
    "a family of words": lambda app, one: forged(app, one, claims={"sub": "one"}),
    "not yet good": lambda app, one: forged(app, one, claims={"nbf": 4_000_000_000}),
    "an end that is no number": lambda app, one: forged(app, one, claims={"exp": True}),
    **{
        f"without {name}": lambda app, one, name=name: forged(app, one, without=name)
        for name in ("iss", "aud", "exp", "nbf", "jti", "typ", "sub")
    },
    "nothing": lambda app, one: "",
    "dots": lambda app, one: "..",
    "much": lambda app, one: "e30." * 5_000,
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_token_opens_nothing(app, program, how):
    program.access = FORGERIES[how](app, program)
    answer = program.get(HERE)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json["status"] == 401


def test_the_same_claims_signed_by_our_own_key_are_taken(app, program):
    program.access = forged(app, program)
    assert program.get(HERE).status_code == 200


def test_a_token_opens_nothing_from_an_address_or_a_cookie(app, program, shop):
    stranger = app.test_client()
    assert stranger.get(f"{HERE}?token={program.access}").status_code == 401
    assert stranger.get(f"{HERE}?access_token={program.access}").status_code == 401
    stranger.set_cookie("token", program.access)
    stranger.set_cookie("pos_login", program.access)
    assert stranger.get(HERE).status_code == 401


def test_a_login_alone_opens_no_address_of_the_api(manager):
    assert manager.get("/people").status_code == 200
    assert manager.get(HERE).status_code == 401


def test_a_revoked_token_is_over_at_once(app, program, shop):
    with app.app_context():
        tokens.revoke(shop.store_id, program.token_id, by="manager:maly")
    assert program.get(HERE).status_code == 401
    assert program.renew().status_code == 401


def test_a_token_ends_with_its_person(app, program, shop):
    with app.app_context():
        users.set_active(db.session.get_one(User, shop.manager.id), False)
    assert program.get(HERE).status_code == 401
    assert program.renew().status_code == 401


def test_a_token_does_no_more_than_its_person_may(app, shop):
    answer = programs.start(app, shop.cashier, {Scope.READ})
    assert answer.get(HERE).json["scope"] == "read"
    with pytest.raises(BadInput, match="nothing that its person may not"):
        programs.start(app, shop.cashier, {Scope.REPORT})


def test_another_secret_of_the_shop_ends_every_token(app, program, settings):
    other = create_app(settings.model_copy(update={"secret_key": SecretStr("x" * 40)}))
    sent = {"Authorization": f"Bearer {program.access}"}
    assert other.test_client().get(HERE, headers=sent).status_code == 401
    close(other)


def test_no_token_stands_in_the_books(app, program, books):
    kept = str(books())
    assert not [part for part in program.refresh.split(".") if part in kept]
    assert claims_of(program.refresh)["jti"] not in kept
