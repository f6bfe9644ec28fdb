"""Every form of every page, filled with what no shop would type, and every page afterwards."""

import re

import pytest
from sqlalchemy import String, Text, select, update

from pos.extensions import db
from pos.models import Till, User
from pos.reports.auditing.books import GUARDED
from pos.services.people import pins
from tests.factories import PASSWORD, PIN, give_pin
from tests.tampering import unguarded
from tests.web.hostile import NAMES, PAYLOADS, SHORT, assert_tame, send, sent_as_drawn, text_fields
from tests.web.hostile_files import look_at_exports
from tests.web.pages import read
from tests.web.visitors import DOORS

LEAVES = {"/logout", "/language", "/store"}
"""Forms that lead out of the page they stand on: the walk would end there."""

ROUNDS = 2
TYPED = [*NAMES, *SHORT, "ក" * 600, "a\0b", "two\r\nlines"]

TECHNICAL = re.compile(
    r"(^|_)(hash|key|sealed|token|seed|code|body|url|paper|kind|source|username|link)($|_)"
    r"|^(gateway|channel|deed|qr_string|payment_option|tran_id|lookup|sha256|digest|holder)$"
    r"|^(outcome|reason|over_reason|trouble|paused_for|subject)$"
)
"""Columns that hold no sentence: what is in them was never typed, or is looked up by it."""

WORDS = [
    column
    for table in db.metadata.sorted_tables
    for column in table.columns
    if type(column.type) in (String, Text) and not column.primary_key
    if not TECHNICAL.search(column.name)
]
"""Every column in which a text of people, or of a bank, may stand."""


def pages_of(world, who):
    """Each page that this person may look at, as its address."""
    at = ("cashier", "manager").index(who)
    return [
        world.address(endpoint)
        for (endpoint, method), answers in DOORS.items()
        if method == "GET" and answers[at] == "200" and not endpoint.startswith(("static", "kiosk"))
    ]


def forms_of(world, who):
    """Each different form on these pages that takes text."""
    browser, found = world.browsers[who], {}
    for page in pages_of(world, who):
        answer = browser.get(page)
        if answer.mimetype != "text/html":
            continue
        for form in read(answer).all("form"):
            action = form.attrs.get("action", page)
            names = tuple(text_fields(form))
            if names and action not in LEAVES:
                form.attrs["action"] = action
                found.setdefault((action.split("?")[0], names), form)
    return list(found.values())


def assert_tame_answer(answer, address):
    assert answer.status_code < 500, address
    if answer.mimetype == "text/html" and answer.text and answer.status_code not in range(300, 400):
        assert_tame(answer.text)


def look_everywhere(world):
    for who in ("manager", "cashier"):
        for page in pages_of(world, who):
            assert_tame_answer(world.browsers[who].get(page, buffered=True), page)


def rewrite(column, text):
    """Put a text into each row of a column, whatever guards it; return whether there was one."""
    table, room = column.table, getattr(column.type, "length", None)
    rows = db.session.execute(select(*table.primary_key, column)).all()
    for row in rows:
        # Each text differs, for columns in which no two may be the same.
        fits = f"{text[: (room or 2_000) - 6]} {rows.index(row)}"
        here = [key == value for key, value in zip(table.primary_key, row, strict=False)]
        db.session.execute(update(table).where(*here).values({column.name: fits}))
    return bool(rows)


def test_what_is_typed_into_any_field_is_only_text_and_breaks_nothing(world):
    for who in ("manager", "cashier"):
        forms = forms_of(world, who)
        assert len(forms) > 10
        for at, form in enumerate(forms * ROUNDS):
            # Another text in each field, and in each round.
            typed = {name: TYPED[(at + i) % len(TYPED)] for i, name in enumerate(text_fields(form))}
            assert_tame_answer(send(world.browsers[who], form, typed), form.attrs["action"])
    look_everywhere(world)
    look_at_exports(world)


@pytest.mark.scratch
@pytest.mark.sqlite
def test_whatever_stands_in_the_books_is_only_text_on_every_page_and_in_every_file(world):
    text = " ".join(["=HYPERLINK(1)", *PAYLOADS])
    with world.app.app_context(), unguarded(*GUARDED):
        written = [column for column in WORDS if rewrite(column, text)]
    assert len(written) > 30
    look_everywhere(world)
    look_at_exports(world)


MARK = "987654"
"""A number that nothing in the shop has by itself."""

EVERY_COLUMN = {column.name for table in db.metadata.sorted_tables for column in table.columns}


GOOD = {
    **dict.fromkeys(("note", "text", "evidence", "proof"), "Seen"),
    **dict.fromkeys(("name", "label", "display_name"), "Something new"),
    **dict.fromkeys(("current_password", "password"), PASSWORD),
    "username": "somebody",
    "address": "a@b.example",
    "usd": "9",
    "khr": "",
    "amount": "1",
    "buy": "4000",
    "sell": "4100",
    "float_usd": "5",
    "float_khr": "0",
    "reason": "other",
    "why": "Known",
    "says": "Paid",
    "reference": "FT-0009",
    "pin": PIN,
}
"""What a person would type, by the name of the field, where the page has nothing in it yet."""


def good(form):
    drawn = sent_as_drawn(form)
    return {name: text for name, text in GOOD.items() if name in drawn and not drawn[name]}


def test_a_field_that_no_form_has_is_written_nowhere(world, shop, books):
    with world.app.app_context():
        give_pin(shop.manager)
    done = 0
    for who in ("manager", "cashier"):
        for form in forms_of(world, who):
            more = EVERY_COLUMN - sent_as_drawn(form).keys()
            answer = send(world.browsers[who], form, {**dict.fromkeys(more, MARK), **good(form)})
            assert answer.status_code < 500, form.attrs["action"]
            done += answer.status_code == 303
    assert done >= 18
    marked = {name for name, rows in books().items() if any(MARK in str(row) for row in rows)}
    assert marked == set()


def test_what_belongs_to_another_store_is_taken_in_no_field(world, shop):
    with world.app.app_context():
        give_pin(shop.manager)
        boss = db.session.query(User).filter_by(role="manager").filter(User.id != shop.manager.id)
        pins.set_pin(boss.one(), PIN)
        till = db.session.query(Till).filter(Till.store_id != shop.store_id).first()
        theirs = {"till_id": till.id, "manager_id": boss.one().id, "place": f"{till.id}-none"}
    refused = taken = 0
    for who in ("manager", "cashier"):
        for form in forms_of(world, who):
            wrong = {name: theirs[name] for name in theirs.keys() & sent_as_drawn(form).keys()}
            if wrong:
                answer = send(world.browsers[who], form, {**good(form), **wrong})
                assert answer.status_code in (404, 422), form.attrs["action"]
                taken += send(world.browsers[who], form, good(form)).status_code == 303
                refused += 1
    assert refused > taken > 2
