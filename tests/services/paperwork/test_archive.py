import hashlib

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import ArchivedPdf, Kind
from pos.paper import pdf
from pos.paper.document import Paper
from pos.reports.paperwork import documents
from pos.reports.paperwork.speaking import in_language
from pos.services.bookkeeping import shifts
from pos.services.paperwork import archive, receipts
from pos.words import Language
from tests import said
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

Z, RECEIPT = Kind.Z_REPORT, Kind.RECEIPT


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def close(shift, shop):
    return shifts.close_shift(shift.id, shop.cashier.id).id


def rows():
    return db.session.scalars(select(ArchivedPdf).order_by(ArchivedPdf.id)).all()


def test_every_report_gets_its_pdf_by_itself_once(shift, shop):
    report = close(shift, shop)
    for _ in range(3):
        archive.make_due()
    (row,) = rows()
    assert (row.kind, row.document_id, row.paper, row.tries) == (Z, report, "a4", 1)
    assert row.body.startswith(b"%PDF") and row.next_try_at is None
    assert row.sha256 == hashlib.sha256(row.body).hexdigest()


def test_a_report_wanted_for_the_roll_gets_its_a4_all_the_same(shift, shop):
    archive.want(Z, close(shift, shop), Paper.ROLL)
    archive.make_due()
    assert [(row.paper, row.made_at is not None) for row in rows()] == [
        ("80mm", True),
        ("a4", True),
    ]


def test_a_pdf_once_made_stays_as_it_is(shift, shop, clock):
    close(shift, shop)
    archive.make_due()
    before = rows()[0].sha256
    clock.advance(hours=48)
    archive.want(Z, rows()[0].document_id, Paper.A4)
    archive.make_due()
    assert [row.sha256 for row in rows()] == [before]


def test_a_receipt_gets_a_pdf_when_somebody_asks(shift):
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    receipt = receipts.issue(payment.sale_id)
    archive.make_due()
    assert rows() == []
    archive.want(RECEIPT, receipt.id, Paper.ROLL)
    archive.want(RECEIPT, receipt.id, Paper.ROLL)
    archive.make_due()
    assert [(row.kind, row.paper, row.body[:4]) for row in rows()] == [(RECEIPT, "80mm", b"%PDF")]


def test_a_pdf_that_fails_keeps_its_problem_and_is_given_up_at_last(context, clock):
    archive.want(RECEIPT, 77, Paper.A4)
    for _ in range(10):
        archive.make_due()
        clock.advance(hours=1)
    (row,) = rows()
    assert (row.tries, row.next_try_at, row.made_at) == (archive.TRIES, None, None)
    assert row.problem == "NotFound: There is no such document."


def test_one_that_fails_does_not_hold_up_the_next(shift, shop):
    archive.want(RECEIPT, 77, Paper.A4)
    close(shift, shop)
    archive.make_due()
    assert [row.made_at is not None for row in rows()] == [False, True]


@pytest.mark.parametrize("language", list(Language))
def test_a_pdf_speaks_the_language_of_the_archive(app, settings, shift, shop, language):
    report = close(shift, shop)
    app.extensions["pos_settings"] = settings.model_copy(update={"pdf_language": language})
    archive.make_due()
    document = documents.find(Z, report).document
    flagged = documents.with_flag(document, documents.PDF_FLAG)
    assert rows()[0].body == pdf.write(in_language(flagged, language), Paper.A4)
