import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from pos.database import writing
from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.models import AuditEntry
from pos.permissions import Role
from pos.reports.closing import exceptions
from pos.reports.office import attention
from pos.reports.office import disputes as shown
from pos.reports.office.disputes import Wanted
from pos.services.disputing import disputes
from pos.states import DISPUTE_NEEDS_PAYMENT, DisputeStatus
from tests import said
from tests.disputing import all_disputes, bring, finish, history, open_one
from tests.factories import charge, close_shift, create_user, new_key, open_shift, usd
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def paid(shift):
    payment = charge(shift, usd("10"))
    said.tell(payment, said.paid(payment))
    return payment


def deeds():
    query = select(AuditEntry).where(AuditEntry.deed.startswith("dispute"))
    return [(row.deed, row.details) for row in db.session.scalars(query.order_by(AuditEntry.link))]


def tills(shop):
    return exceptions.tills_of(user_of(shop.manager))


def user_of(person):
    return db.session.get(attention.User, person.id)


def test_a_claim_without_a_payment_is_written_down_with_its_deadline(shop, clock):
    dispute = open_one(shop, payer_digits="4411")
    assert (dispute.status, dispute.payment_id, dispute.payer_digits) == ("open", None, "4411")
    assert dispute.due_at == dispute.opened_at + timedelta(days=7)
    (line,) = history(dispute)
    assert line == ("opened", "I paid, and the screen stayed as it was", shop.cashier.id, None)


def test_the_same_form_opens_one_dispute(shop):
    key = new_key()
    assert open_one(shop, key=key).id == open_one(shop, key=key).id
    assert len(all_disputes()) == 1


def test_a_payment_has_one_open_dispute_and_another_after_its_end(shop, paid):
    first = open_one(shop, paid.tran_id)
    with pytest.raises(Refused, match="open already"):
        open_one(shop, paid.tran_id)
    finish(first, shop)
    assert open_one(shop, paid.tran_id).id != first.id


def test_each_deed_is_in_the_audit_log_without_what_was_said(shop, paid):
    dispute = open_one(shop, paid.tran_id)
    bring(dispute)
    finish(dispute, shop)
    assert [deed for deed, _told in deeds()] == [
        *("dispute_opened", "dispute_evidence", "dispute_ended")
    ]
    assert deeds()[0][1] == {"kind": "not_confirmed", "now": "$3.50"}
    assert "screen stayed" not in str(deeds())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount": usd("0.01") - usd("0.01")}, "amount"),
        ({"key": "short"}, "not complete"),
        ({"says": " a "}, "few words"),
        ({"says": "x" * 501}, "500"),
        ({"says": "abc\u202edef"}, "do not print"),
        ({"payer_digits": "1"}, "2 to 8"),
        ({"payer_digits": "12a4"}, "2 to 8"),
        ({"payer_digits": "១២៣"}, "2 to 8"),
        ({"paid_at": None}, "when"),
    ],
    ids=str,
)
def test_a_claim_that_cannot_be_is_refused(shop, changes, says):
    with pytest.raises(BadInput, match=says):
        open_one(shop, **changes)
    assert all_disputes() == []


def test_a_payment_of_tomorrow_is_refused(shop, clock):
    with pytest.raises(BadInput, match="ahead"):
        open_one(shop, paid_at=clock.time + timedelta(days=1))


def test_khmer_with_its_joiners_is_written_down(shop):
    dispute = open_one(shop, says="ខ្ញុំ\u200bបាន\u200bបង់\u200bប្រាក់")
    assert history(dispute)[0][1] == "ខ្ញុំ\u200bបាន\u200bបង់\u200bប្រាក់"


def test_evidence_is_added_and_never_changed(shop):
    dispute = open_one(shop)
    bring(dispute, reference="FT-1")
    assert [deed for deed, *_rest in history(dispute)] == ["opened", "evidence"]
    for command in ("UPDATE dispute_entry SET text = 'x'", "DELETE FROM dispute_entry"):
        with pytest.raises(IntegrityError, match="written once"), writing(db.session):
            db.session.execute(text(command))


def test_evidence_says_which_payment_is_meant_once(shop, paid):
    dispute = open_one(shop)
    bring(dispute, payment_id=paid.id)
    assert all_disputes()[0].payment_id == paid.id
    with pytest.raises(Refused, match="known already"):
        bring(dispute, payment_id=paid.id)
    assert [deed for deed, *_rest in history(dispute)] == ["opened", "linked"]


def test_evidence_cannot_join_two_open_disputes_in_one_payment(shop, paid):
    open_one(shop, paid.tran_id)
    other = open_one(shop)
    with pytest.raises(Refused, match="Another dispute"):
        bring(other, payment_id=paid.id)
    assert len(history(other)) == 1


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_an_end_is_final(shop, status):
    dispute = open_one(shop)
    finish(dispute, shop, DisputeStatus(status))
    assert (all_disputes()[0].status, all_disputes()[0].ended_at is None) == (status, False)
    assert history(dispute)[-1][2:] == (shop.cashier.id, shop.manager.id)
    for again in (lambda: finish(dispute, shop), lambda: bring(dispute)):
        with pytest.raises(AlreadyDecided):
            again()


@pytest.mark.parametrize("status", sorted(DISPUTE_NEEDS_PAYMENT))
def test_an_end_that_speaks_of_money_is_refused_while_no_payment_is_known(shop, status):
    with pytest.raises(Refused, match="which payment"):
        finish(open_one(shop), shop, status)


def test_it_ends_as_refunded_only_once_money_went_back(shop, paid):
    dispute = open_one(shop, paid.tran_id)
    with pytest.raises(Refused, match="Nothing of this payment has gone back"):
        finish(dispute, shop, DisputeStatus.REFUNDED)
    give_back(money_of(paid).id, shop, "3", reference="FT-0001")
    finish(dispute, shop, DisputeStatus.REFUNDED)
    assert all_disputes()[0].status == "refunded"


def test_it_ends_as_money_found_only_where_the_bank_reported_some(shop, shift, paid):
    waiting = charge(shift)
    dispute = open_one(shop, waiting.tran_id)
    with pytest.raises(Refused, match="no money"):
        finish(dispute, shop, DisputeStatus.MONEY_FOUND)
    finish(open_one(shop, paid.tran_id), shop, DisputeStatus.MONEY_FOUND)
    assert [str(one.status) for one in all_disputes()] == ["open", "money_found"]


def test_two_managers_at_once_end_it_once(app, shop):
    dispute_id, told = open_one(shop).id, []

    def one():
        with app.app_context():
            try:
                finish(next(iter(all_disputes())), shop)
                told.append("ended")
            except AlreadyDecided:
                told.append("late")

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["ended", "late", "late", "late"]
    assert len(history(db.session.get(disputes.Dispute, dispute_id))) == 2


def test_what_is_due_within_a_day_calls_for_a_person(shop, clock):
    open_one(shop)
    manager = user_of(shop.manager)
    assert (shown.count_due(tills(shop)), attention.count(manager)) == (0, 0)
    clock.advance(6 * 86_400)
    assert (shown.count_due(tills(shop)), attention.count(manager)) == (1, 1)
    finish(all_disputes()[0], shop)
    assert (shown.count_due(tills(shop)), attention.count(manager)) == (0, 0)


def test_the_list_shows_what_is_asked_for(shop, clock):
    old, mine = open_one(shop), open_one(shop, opened_by_id=shop.manager.id)
    clock.advance(8 * 86_400)
    new, ended = open_one(shop), open_one(shop)
    finish(ended, shop)

    def ids(**wanted):
        return [one.id for one in shown.page(tills(shop), Wanted(**wanted)).lines]

    assert ids() == [old.id, mine.id, new.id]
    assert ids(show="late") == [old.id, mine.id]
    assert ids(show="ended") == [ended.id]
    assert ids(show="all", opened_by_id=shop.manager.id) == [mine.id]
    assert ids(kind="goods") == []
    late = shown.find(tills(shop), old.id)
    assert (late.age_text, late.due_text, late.status_text) == ("8 days", "late by 1 day", "Late")


def test_a_long_list_is_read_page_by_page(shop, monkeypatch):
    monkeypatch.setattr(shown, "PAGE", 2)
    ids = [open_one(shop).id for _ in range(5)]
    for show, order in (("open", ids), ("all", ids[::-1])):
        found, start = [], 0
        for _ in range(3):
            page = shown.page(tills(shop), Wanted(show=show, start=start))
            found, start = found + [one.id for one in page.lines], page.following
        assert (found, start) == (order, 0)


def test_a_cashier_sees_the_disputes_of_the_open_till_alone(shop, shift):
    mine, other = open_one(shop), open_one(shop, till_id=shop.till_ids[1])
    cashier = exceptions.tills_of(user_of(shop.cashier))
    assert [one.id for one in shown.page(cashier, Wanted()).lines] == [mine.id]
    with pytest.raises(Refused, match="no such dispute"):
        shown.find(cashier, other.id)
    close_shift(shift, shop.cashier)
    assert shown.page(cashier, Wanted()).lines == ()


def test_an_auditor_sees_them_all(shop):
    open_one(shop)
    auditor = user_of(create_user(shop.store_id, "reader", Role.AUDITOR))
    assert len(shown.page(exceptions.tills_of(auditor), Wanted()).lines) == 1
