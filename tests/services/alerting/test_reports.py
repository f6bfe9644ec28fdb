import email
import email.policy

import pytest
from sqlalchemy import select, update

from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.models import ArchivedPdf, MessageState, User
from pos.paper.document import Paper
from pos.services.alerting import outbox, recipients
from pos.services.bookkeeping import shifts
from pos.services.paperwork import archive
from tests import said
from tests.alerting import add_recipient, mailing, messages, telegram, texts
from tests.factories import charge, create_other_shop, khr, open_shift, usd
from tests.mailing import mail_host
from tests.random_days import Day

pytestmark = pytest.mark.usefixtures("context", "clock")


def close(shop):
    """Sell two coffees and a cake by QR at Till 1, and close its shift."""
    shift = open_shift(shop)
    for amount in (usd("3.50"), usd("1.50"), khr("12000")):
        payment = charge(shift, amount)
        said.tell(payment, said.paid(payment))
    shifts.close_shift(shift.id, shop.cashier.id)


def test_a_z_goes_to_who_wants_it_once_and_to_nobody_else(shop):
    add_recipient(shop)
    wanted = add_recipient(shop, name="Owner", reports="yes")
    close(shop)
    for _ in range(3):
        archive.make_due()
    (message,) = messages()
    assert (message.recipient_id, message.title) == (wanted, "Z 1, Till 1, Riverside")


def test_the_message_tells_what_came_in_by_currency(shop):
    add_recipient(shop, reports="yes")
    close(shop)
    archive.make_due()
    told = messages()[0].body
    assert "KHQR: $5.00. Sales: 2." in told and "KHQR: ៛12,000. Sales: 1." in told
    assert "Closed 2026" in told and told.startswith("Closed")


def test_the_message_tells_what_the_drawer_lacks(shop):
    add_recipient(shop, reports="yes")
    day = Day(shop)
    day.do("cash", usd("3"), Cash(500))
    day.close(Cash(1_000, 90_000))
    archive.make_due()
    told = messages()[0].body
    assert "The drawer lacks $13.00." in told and "The drawer has ៛10,000 too much." in told
    assert "Cash: $3.00. Sales: 1." in told


def test_a_reader_of_khmer_is_told_in_khmer(shop):
    add_recipient(shop, reports="yes", language="km")
    close(shop)
    archive.make_due()
    assert "Sales" not in messages()[0].body and "$5.00" in messages()[0].body


def test_the_z_of_one_store_goes_to_nobody_of_another(shop):
    add_recipient(create_other_shop("http://127.0.0.1:9", ""), reports="yes")
    close(shop)
    archive.make_due()
    assert messages() == []


def test_a_pdf_that_two_workers_made_is_sent_once(shop):
    add_recipient(shop, reports="yes")
    close(shop)
    archive.make_due()
    made = db.session.scalar(select(ArchivedPdf))
    with writing(db.session):
        again = update(ArchivedPdf).values(next_try_at=made.made_at)
        db.session.execute(again)
    archive.make_due()
    assert len(messages()) == 1


def test_the_roll_and_a_receipt_are_sent_to_nobody(shop):
    add_recipient(shop, reports="yes")
    close(shop)
    archive.want("z_report", 1, Paper.ROLL)
    archive.make_due()
    assert len(messages()) == 1


def test_by_mail_the_pdf_goes_along(app, shop):
    add_recipient(shop, channel="email", address="boss@shop.example", reports="yes")
    close(shop)
    archive.make_due()
    pdf = db.session.scalar(select(ArchivedPdf.body))
    with mail_host() as host, mailing(app, host.port):
        outbox.send_due()
    mail = email.message_from_string(host.mails[0], policy=email.policy.default)
    (sent,) = mail.iter_attachments()
    assert (sent.get_filename(), sent.get_content()) == ("Z 1, Till 1, Riverside.pdf", pdf)


def test_by_telegram_the_text_goes_alone(app, shop):
    add_recipient(shop, reports="yes")
    close(shop)
    archive.make_due()
    with telegram(app) as server:
        outbox.send_due()
    assert "KHQR: $5.00. Sales: 2." in texts(server)[0]
    assert messages()[0].state is MessageState.SENT


def test_who_was_removed_is_sent_no_more_reports(shop):
    gone = add_recipient(shop, reports="yes")
    recipients.remove(db.session.get_one(User, shop.manager.id), gone)
    close(shop)
    archive.make_due()
    assert messages() == []
