import re

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import Correction, Kind, Sale, Shift, Store, ZReport
from pos.reports.closing import day, x_report
from pos.reports.paperwork import day_paper, documents, x_paper
from pos.reports.paperwork.speaking import in_language
from pos.services.paperwork import receipts
from pos.services.plans import releasing
from pos.words import Language
from tests import planned
from tests.factories import close_shift
from tests.reports.paperwork.busy import busy_days
from tests.reports.paperwork.english import english, texts

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def busy(context, shop, clock):
    busy_days(shop, clock)
    planned.register(shop)
    online = planned.pay_all()[0].sale.shift
    releasing.complete(planned.again(), who="manager:maly")
    close_shift(online, shop.cashier)


def papers():
    """Every document of the shop."""
    for sale_id in db.session.scalars(select(Sale.id).where(Sale.status == "paid")).all():
        yield documents.find(Kind.RECEIPT, receipts.issue(sale_id).id).document
    for kind, model in ((Kind.Z_REPORT, ZReport), (Kind.CORRECTION, Correction)):
        for document_id in db.session.scalars(select(model.id)).all():
            yield documents.find(kind, document_id).document
    for store in db.session.scalars(select(Store)):
        for on in db.session.scalars(select(Shift.business_date).distinct()).all():
            yield day_paper.document(day.gather(store, on))
    for shift in db.session.scalars(select(Shift).where(Shift.closed_at.is_(None))):
        for is_blind in (True, False):
            yield x_paper.document(x_report.gather(shift, is_blind=is_blind))


def test_no_paper_in_khmer_has_a_sentence_in_english(busy):
    told = {text for paper in papers() for text in texts(in_language(paper, Language.KHMER))}
    assert {text: words for text in told if (words := english(text))} == {}
    assert len(told) > 150
    spoken = {text for paper in papers() for text in texts(in_language(paper, Language.ENGLISH))}
    assert len([text for text in spoken if english(text)]) > 100


def test_a_paper_says_the_same_figures_in_both_languages(busy):
    for paper in papers():
        ours, theirs = (list(texts(in_language(paper, one))) for one in Language)
        assert [_figures(one) for one in ours] == [_figures(one) for one in theirs]


def _figures(text):
    return sorted(re.findall(r"-?[$៛]?-?\d[\d,.:]*\d|\d", text))
