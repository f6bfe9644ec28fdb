"""Every message that leaves the shop, with what no shop would be called, on the wire."""

import email
import email.policy
import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from pos import clock as time
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, Merchant, MessageKind, Recipient, Store, Till, User
from pos.services.alerting import outbox, recipients
from pos.services.bookkeeping import shifts
from pos.services.paperwork import archive
from tests import said
from tests.alerting import add_recipient, mailing, messages, telegram, told
from tests.factories import charge, open_shift, usd
from tests.mailing import mail_host
from tests.web.hostile import PAYLOADS

HEADERS = "\r\nBcc: spy@evil.example\r\nContent-Type: text/html\r\n\r\n<b>x</b>"
MARKDOWN = "[click](http://evil.example) *bold* _x_ `code` <a href='tg://user?id=1'>x</a>\n/start"
SMTP = "\n.\r\nQUIT\r\nRCPT TO:<spy@evil.example>"
PAGES = "=1+1 " + " ".join(PAYLOADS)
TEXTS = {"pages": PAGES, "headers": HEADERS, "markdown": MARKDOWN, "smtp": SMTP}
MAIL_HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
                "Content-Type", "Content-Transfer-Encoding"}  # fmt: skip


def call_everything(text):
    """Give every name that a message may tell this text, whatever a form would refuse."""
    with writing(db.session):
        for column in (Store.name, User.display_name, Recipient.name, GatewayAccount.account_id):
            fits = text[: column.type.length]
            db.session.execute(update(column.class_).values({column.key: fits}))
        db.session.execute(update(Merchant).values(name=text[:25]))
        for till in db.session.query(Till):
            till.name = f"{text[:50]} {till.id}"
        ends = time.now() + timedelta(days=2)
        db.session.execute(update(GatewayAccount).values(token_expires_at=ends))


def write_each_kind(shop, clock, text, **recipient):
    """Have an alert raised and cleared, a Z report told and a test written, after this text."""
    shift = open_shift(shop)
    add_recipient(shop, reports="yes", **recipient)
    call_everything(text)
    payment = charge(shift, usd("3.50"))
    said.tell(payment, said.paid(payment))
    shifts.close_shift(shift.id, shop.cashier.id)
    archive.make_due()
    person = db.session.get_one(User, shop.manager.id)
    recipients.test(person, recipients.of_store(shop.store_id)[0].id)
    told()
    with writing(db.session):
        db.session.execute(update(GatewayAccount).values(token_expires_at=None))
    clock.advance(3_600)
    told()
    kinds = {one.kind for one in messages()}
    assert kinds >= {MessageKind.RAISED, MessageKind.CLEARED, MessageKind.REPORT, MessageKind.TEST}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_mail_is_plain_text_to_one_person_whatever_the_shop_is_called(
    app, shop, context, clock, text
):
    write_each_kind(shop, clock, text, channel="email", address="boss@shop.example")
    with mail_host() as host, mailing(app, host.port):
        outbox.send_due()
    assert len(host.mails) == len(messages()) >= 4
    asked = {line.upper() for line in host.heard if line.upper().startswith("RCPT")}
    assert asked == {"RCPT TO:<BOSS@SHOP.EXAMPLE>"}
    for one in host.mails:
        mail = email.message_from_string(one, policy=email.policy.default)
        assert set(mail.keys()) <= MAIL_HEADERS and not mail.defects
        assert (mail["To"], mail["From"]) == ("boss@shop.example", "KHQR POS <till@shop.example>")
        parts = [part for part in mail.walk() if not part.is_multipart()]
        kinds = [part.get_content_type() for part in parts]
        assert kinds in (["text/plain"], ["text/plain", "application/pdf"])
        assert all(part.get_filename("x.pdf").count("/") == 0 for part in parts)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_telegram_is_plain_text_to_one_chat_whatever_the_shop_is_called(
    app, shop, context, clock, text
):
    write_each_kind(shop, clock, text)
    with telegram(app) as server:
        outbox.send_due()
    assert len(server.heard) == len(messages()) >= 4
    for one in server.heard:
        head, _, body = one.partition(b"\r\n\r\n")
        assert b"evil" not in head and head.count(b"HTTP/1.1") == 1
        sent = json.loads(body)
        # No parse_mode among it: nothing is markup, and no link is looked up.
        assert sent.keys() == {"chat_id", "text", "link_preview_options"}
        assert (sent["chat_id"], sent["link_preview_options"]) == ("12345", {"is_disabled": True})
