"""Two stores with five people at work; `visitors.py` has every door and what each may do there."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pos import clock
from pos.cash import Cash
from pos.extensions import db
from pos.models import AlertKind, Device, Kind, Shift, Till, Topic, User, ZReport
from pos.paper.document import Paper
from pos.permissions import Scope
from pos.services.api import tokens
from pos.services.bookkeeping import shifts
from pos.services.disputing import disputes
from pos.services.paperwork import archive, printing
from pos.services.people import terminals, users
from pos.services.reconciling import reconcile
from pos.services.selling import tenders
from pos.services.shop import displays
from pos.services.webhooks import webhooks
from tests import disputing, planned, said
from tests.alerting import add_recipient, end_key, told
from tests.books import count_later
from tests.conftest import Bank
from tests.factories import (
    NO_FLOAT,
    Shop,
    charge,
    create_other_shop,
    create_user,
    csrf_token,
    log_in,
    open_shift,
    pair_screen,
    usd,
)
from tests.refunding import give_back, money_of
from tests.tipping import asked_in_vain
from tests.web.visitors import OF_A_PERSON, OF_A_TIP, OF_A_WEBHOOK, VISITORS, Door

OF_A_SHIFT = tuple(f"counting.{it}" for it in ("agree", "count", "resume"))
OF_A_SHIFT += ("shifts.close_shift", "x.look", "x.print_it")
OF_AN_ACCOUNT = tuple(f"accounts.{it}" for it in ("account", "test", "key", "use"))
OF_A_TILLS_PAGE = tuple(f"premises.{it}_till" for it in ("change", "retire", "bring_back"))
OF_A_TILLS_PAGE += ("accounts.same",)
OF_A_SALE = tuple(f"receipts.{it}" for it in ("issue", "receipt", "show_link", "link"))
OF_A_SCREEN = tuple(f"pairing.{it}" for it in ("rename", "revoke", "confirm", "answer"))
OF_A_DISPUTE = tuple(f"disputes.{it}" for it in ("dispute", "evidence", "end"))
OF_A_SALE_IN_PARTS = tuple(f"instalments.{it}" for it in ("sale", "charge", "complete"))
OF_AN_API_SALE = tuple(f"v1_sales.{it}" for it in ("sale", "pay", "complete"))
OF_AN_API_PAYMENT = tuple(f"v1_payments.{it}" for it in ("payment", "cancel", "qr_png", "qr_svg"))
OF_AN_API_PAYMENT += ("bakong_admin.payment", "bakong_admin.refund")
OF_A_PAYMENT = ("claim.mark", *(f"till.{it}" for it in ("cancel", "give_back", "check", "new_qr")))


@dataclass
class World:
    """All of it, running; `browsers` holds one for each visitor."""

    app: Flask
    browsers: dict[str, FlaskClient]
    ids: dict[str, dict[str, object]]

    def address(self, endpoint: str) -> str:
        """Return where a door of the cashier's own things is."""
        return self.app.url_map.bind("localhost").build(endpoint, self.ids.get(endpoint, {}))

    def knock(self, browser: FlaskClient, door: Door, **headers: str) -> TestResponse:
        """Ask as a browser would: a form goes with the token of that browser's session."""
        endpoint, method = door
        page = "/login" if browser.get("/password").status_code == 303 else "/password"
        form = {"csrf_token": csrf_token(browser, page)} if method == "POST" else None
        return browser.open(
            self.address(endpoint), method=method, data=form, headers=headers, buffered=True
        )


def answered(answer: TestResponse) -> str:
    """Return what an answer comes to: where it leads, else its status."""
    away = answer.headers.get("Location") or answer.headers.get("HX-Redirect")
    return away if away and answer.status_code < 400 else str(answer.status_code)


def doors_of(app: Flask) -> set[Door]:
    """Return every door that the app really has."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def build(app: Flask, shop: Shop, bank: Bank) -> World:
    """Open both stores: a report, a shift with a waiting QR and a screen are the cashier's."""
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
        colleague = create_user(shop.store_id, "sokha")
        open_shift(other)
        shifts.open_shift(shop.till_ids[1], colleague.id, NO_FLOAT)
        report = _closed_shift(shop)
        shift = open_shift(shop)
        wrong_id, back_id = _wrong_money(shop, shift)
        sold_id, ask_id = _cash_sale(shift.id), asked_in_vain(shop, shift)
        tran_id, display_id = charge(shift).tran_id, _paired_display(shop)
        run_id = reconcile.by_hand(shop.store_id, shift.business_date).id
        people = (shop.cashier, shop.manager, colleague, other.cashier, other.manager)
        payment = {"tran_id": tran_id}
        ids: dict[str, dict[str, object]] = {
            "static": {"filename": "css/tokens.css"},
            **dict.fromkeys(("attention.item", "attention.ask"), wrong_id),
            **_people(shop),
            **dict.fromkeys(("refunds.payment", "payments.payment"), wrong_id),
            **dict.fromkeys(("refunds.refund", "refunds.look", "refunds.reference"), back_id),
            **dict.fromkeys(OF_A_DISPUTE, _dispute(shop, wrong_id)),
            "cash.take": {"payment": tran_id},
            "cash.change": {"amount": "2.25", "currency": "USD"},
            **dict.fromkeys(OF_A_PAYMENT, payment),
            **dict.fromkeys(OF_A_TIP, {"ask_id": ask_id}),
            **dict.fromkeys(OF_A_SHIFT, {"shift_id": shift.id}),
            "drawer.move": {"word": "paid-out"},
            "drawer.refund": {"sale_id": sold_id},
            **dict.fromkeys(OF_A_SCREEN, {"display_id": display_id}),
            **dict.fromkeys(OF_AN_ACCOUNT, {"account_id": shop.account_id}),
            **dict.fromkeys(OF_A_TILLS_PAGE, {"till_id": shop.till_id}),
            "reconcile.run": {"run_id": run_id},
            **_of_programs(shop, tran_id),
            **_alerts(shop),
            "shifts.report": {"shift_id": report.shift_id},
            **_papers(shop, report),
        }
    logged_in = [log_in(app.test_client(), person) for person in people]
    return World(app, dict(zip(VISITORS, logged_in, strict=True)), ids)


def _of_programs(shop: Shop, tran_id: str) -> dict[str, dict[str, object]]:
    """What a program's addresses name; a login opens none of them, whatever they name."""
    return {
        **dict.fromkeys(OF_A_SALE_IN_PARTS, {"outside_id": planned.register(shop).id}),
        **dict.fromkeys(OF_AN_API_SALE, {"sale_id": "B-1"}),
        **dict.fromkeys(OF_AN_API_PAYMENT, {"payment_id": tran_id}),
        **dict.fromkeys(("orders.khqr", "orders.status"), {"order": "B-1"}),
        "bakong.status": {"md5_hash": "0" * 32},
        "v1_shifts.report": {"shift_id": 1},
        **_webhook(shop),
        "v1_refunds.refund": {"refund_id": 1},
    }


def _webhook(shop: Shop) -> dict[str, dict[str, object]]:
    """One webhook with one event on its way, which nobody sends."""
    manager = db.session.get_one(User, shop.manager.id)
    made = webhooks.add(manager, "Web shop", "https://hook.example/", [Topic.PAID])
    webhooks.test(manager, made[0])
    its = dict.fromkeys((*OF_A_WEBHOOK, "webhooks.webhook", "webhooks.remove"))
    return {**{it: {"webhook_id": made[0]} for it in its}, "webhooks.again": {"delivery_id": 1}}


def _cash_sale(shift_id: int) -> int:
    offer, key = tenders.Offer(given=Cash(300, 0)), "cash-of-the-cashier"
    return tenders.take_for_new_sale(shift_id, usd("3"), offer, key, who="dara").sale_id


def _wrong_money(shop: Shop, shift: Shift) -> tuple[dict[str, object], dict[str, object]]:
    """Too much money, of which a part went back: the payment's number, and the refund's."""
    wrong = charge(shift)
    said.tell(wrong, said.paid(wrong, amount=usd("9")))
    back = give_back(money_of(wrong).id, shop, "1", reference="FT-0001")
    return {"tran_id": wrong.tran_id}, {"refund_id": back.id}


def _dispute(shop: Shop, wrong: dict[str, object]) -> dict[str, object]:
    claim = disputing.claim(shop, str(wrong["tran_id"]))
    return {"dispute_id": disputes.open_dispute(claim, who="cashier:dara").id}


def _closed_shift(shop: Shop) -> ZReport:
    """Close a shift with one paid sale, which is the first of all."""
    shift = open_shift(shop)
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    return shifts.close_shift(shift.id, shop.cashier.id)


def _papers(shop: Shop, report: ZReport) -> dict[str, dict[str, object]]:
    """Print the report once, and make its PDF: whose report it is, theirs is its paper."""
    archive.make_due()
    browser, who = Device.BROWSER, "cashier:dara"
    sheet = printing.ask(Kind.Z_REPORT, report.id, device=browser, paper=Paper.A4, who=who)
    place: dict[str, object] = {"kind": str(Kind.Z_REPORT), "document_id": report.id}
    return {
        "corrections.recount": {"shift_id": report.shift_id},
        "corrections.correction": {"correction_id": count_later(shop, report.shift_id).id},
        **dict.fromkeys(OF_A_SALE, {"sale_id": 1}),
        "ereceipts.receipt": {"token": "0" * 27},
        "paper.print_it": place,
        "paper.want_pdf": place,
        "paper.pdf": {**place, "paper": "a4"},
        "paper.sheet": {"printing_id": sheet.id},
        "signs.rows": {"word": "cancelled"},
        "exports.file": {"name": "payments", "kind": "csv"},
    }


def _people(shop: Shop) -> dict[str, dict[str, object]]:
    """One more cashier, whom no visitor is, an enrolled till, and a login of the cashier's."""
    person: dict[str, object] = {"user_id": create_user(shop.store_id, "nita").id}
    terminals.enroll(db.session.get_one(User, shop.manager.id), "Tablet at Till 1")
    login = users.of_token(users.log_in(shop.cashier.username, shop.cashier.password))
    assert login is not None
    return {
        **dict.fromkeys(("people.person", "people.password", *OF_A_PERSON), person),
        "devices.revoke": {"terminal_id": 1},
        "programs.revoke": {"token_id": _token(shop)},
        "logins.end": {"login_id": login.id},
    }


def _token(shop: Shop) -> int:
    owner = db.session.get_one(User, shop.manager.id)
    return tokens.create(owner, "web shop", {Scope.READ}, by="test")[0].id


def _alerts(shop: Shop) -> dict[str, dict[str, object]]:
    """Let the store's key end soon, and somebody be told of it."""
    recipient_id = add_recipient(shop)
    end_key(shop, clock.now())
    return {
        "alerts.acknowledge": {"alert_id": told(AlertKind.KEY_ENDING)[0].id},
        **{f"recipients.{it}": {"recipient_id": recipient_id} for it in ("test", "remove")},
    }


def _paired_display(shop: Shop) -> int:
    code = displays.of_token(displays.start().token).pairing_code
    return pair_screen(code, db.session.get_one(Till, shop.till_id)).id
