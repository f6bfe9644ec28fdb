import ast
from pathlib import Path

import pytest

from pos import paths
from pos.models import Deed
from pos.permissions import Role
from pos.reports.office import audit_words

NOTES = {"note", "refused", "_note"}
PLAIN = {"who", "about", "store_id"}


def name_of(function):
    return getattr(function, "attr", "") or getattr(function, "id", "")


def keys_that_are_noted():
    """The names of all details that any line of the program writes into the log."""
    for path in (Path(paths.__file__).parent / "services").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and name_of(call.func) in NOTES:
                yield from (one.arg for one in call.keywords if one.arg and one.arg not in PLAIN)


def test_every_detail_that_is_written_has_a_name_for_people():
    keys = set(keys_that_are_noted())
    assert {"was", "now", "kind"} <= keys
    assert keys - audit_words.DETAIL.keys() == set()


@pytest.mark.parametrize("role", Role)
def test_a_person_is_told_by_name_and_role(role):
    assert audit_words.person(f"{role}:maly") == ("maly", str(role).capitalize())
    assert audit_words.whole(f"{role}:maly") == f"maly, {str(role).capitalize()}"


def test_a_program_is_told_in_words_and_a_newer_one_by_its_own():
    assert audit_words.person("worker") == ("The program itself", "")
    assert audit_words.whole("operator") == "The operator"
    assert audit_words.whole("robot") == "robot"


@pytest.mark.parametrize(
    ("about", "said"),
    [("dispute 7", "Dispute 7"), ("PIN of maly, till 2", "PIN of maly, at till number 2"),
     ("PIN of maly, at Till 1, left", "PIN of maly, at Till 1, left"),
     ("disk_full 1", "The disk is nearly full"), ("GET /rates", "GET /rates")],
)  # fmt: skip
def test_what_it_was_about_is_told_in_words(about, said):
    assert audit_words.about(about) == said


@pytest.mark.parametrize(
    ("deed", "told", "said"),
    [
        (Deed.LOGGED_IN, {"kind": "PIN"}, [("kind", "with the PIN")]),
        (Deed.DISPUTE_ENDED, {"was": "open", "now": "rejected"},
         [("before", "Open"), ("now", "Rejected")]),
        (Deed.PERSON_CHANGED, {"now": "Dara, cashier"}, [("now", "Dara, Cashier")]),
        (Deed.PERSON_CHANGED, {"now": "Dara, the first"}, [("now", "Dara, the first")]),
        (Deed.REFUSED, {"why": "100 % wrong"}, [("why", "100 % wrong")]),
        (Deed.TIPS_SET, {"asks": False, "was": ""}, [("asks for tips", "no")]),
        (Deed.RATE_SET, {"newer": "x"}, [("newer", "x")]),
    ],
)  # fmt: skip
def test_each_detail_is_told_in_words(deed, told, said):
    assert list(audit_words.details(deed, told)) == said
