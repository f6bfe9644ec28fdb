"""Two stores, five people at work, and every door of the app with what each may do there."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pos.cash import Cash
from pos.extensions import db
from pos.models import Device, Kind, Shift, Till, ZReport
from pos.paper.document import Paper
from pos.services.bookkeeping import shifts
from pos.services.paperwork import archive, printing
from pos.services.reconciling import reconcile
from pos.services.selling import tenders
from pos.services.shop import displays
from tests import said
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
    usd,
)
from tests.refunding import give_back, money_of

Door = tuple[str, str]
"""An endpoint and a method."""

VISITORS = ("cashier", "manager", "colleague", "stranger", "their manager")
"""The owner of the till, shift, payment and display asked for; the manager of that store;
another cashier there, at Till 2; a cashier and a manager of another store."""

OF_THE_OFFICE = ("days.days", "office.office", "audit.audit", "gateways.gateways")
MANAGERS_OWN = ("auth.pin", "rates.rates", "quick_amounts.quick_amounts", "discount_rules.rules")
EVERYBODYS = (
    *("static", "health.alive", "auth.login", "auth.password"),
    *("attention.attention", "refunds.refunds", "shifts.shifts", "receipts.receipts"),
    *("kiosk.till_manifest", "kiosk.display_manifest", "kiosk.offline", "kiosk.service_worker"),
)
OF_A_TILL = (
    *("till.till", "till.payment", "cash.change", "drawer.drawer", "drawer.move"),
    *("pairing.pairing", "sound.sound"),
)

AT_TILL = (f"till.{it}" for it in ("charge", "cash", "discount"))
SENT_EMPTY = ("sound.choose", "claim.claim", "drawer.move", "pairing.pair", *AT_TILL)
A_SHUT_PAGE = ("/till", "/shifts/open", "/till", "/till", "/shifts/open")
AN_EMPTY_FORM = ("422", "/shifts/open", "422", "422", "/shifts/open")

DOORS: dict[Door, tuple[str, str, str, str, str]] = {
    **{(page, "GET"): ("200",) * 5 for page in EVERYBODYS},
    **{(p, "GET"): ("200", "/shifts/open", "200", "200", "/shifts/open") for p in OF_A_TILL},
    ("health.ready", "GET"): ("503", "503", "503", "503", "503"),
    **{(it, "POST"): AN_EMPTY_FORM for it in SENT_EMPTY},
    ("callbacks.payway", "POST"): ("415", "415", "415", "415", "415"),
    ("display.screen", "GET"): ("/display",) * 5,
    ("display.display", "GET"): ("200",) * 5,
    **{(f"auth.{it}", "POST"): ("422",) * 5 for it in ("login", "language", "password")},
    ("attention.item", "GET"): ("200", "200", "404", "404", "404"),
    ("attention.item", "POST"): ("/attention", "/attention", "404", "404", "404"),
    ("claim.claim", "GET"): ("200", "/shifts/open", "200", "200", "/shifts/open"),
    ("claim.mark", "GET"): ("/till", "/shifts/open", "404", "404", "/shifts/open"),
    ("claim.mark", "POST"): ("/till", "/shifts/open", "404", "404", "/shifts/open"),
    ("till.home", "GET"): ("/till", "/till", "/till", "/till", "/till"),
    ("till.check", "POST"): ("/till", "/shifts/open", "404", "404", "/shifts/open"),
    ("till.new_qr", "POST"): ("/till", "/shifts/open", "404", "404", "/shifts/open"),
    ("till.cancel", "POST"): ("/till", "/shifts/open", "404", "404", "/shifts/open"),
    **{("discounts.discount", it): A_SHUT_PAGE for it in ("GET", "POST")},
    ("cash.take", "GET"): ("200", "/shifts/open", "404", "404", "/shifts/open"),
    ("cash.take", "POST"): ("422", "/shifts/open", "404", "404", "/shifts/open"),
    ("till.give_back", "POST"): ("/till", "/shifts/open", "404", "404", "/shifts/open"),
    ("drawer.refund", "GET"): ("200", "/shifts/open", "404", "404", "/shifts/open"),
    ("drawer.refund", "POST"): ("422", "/shifts/open", "404", "404", "/shifts/open"),
    **{(page, "GET"): ("403", "200", "403", "403", "200") for page in MANAGERS_OWN},
    **{(page, "POST"): ("403", "422", "403", "403", "422") for page in MANAGERS_OWN},
    ("pairing.rename", "POST"): ("422", "/shifts/open", "404", "404", "/shifts/open"),
    ("display.window", "POST"): ("/display", "/pairing", "/display", "/display", "/pairing"),
    ("pairing.revoke", "POST"): ("/pairing", "/shifts/open", "404", "404", "/shifts/open"),
    ("refunds.payment", "GET"): ("200", "200", "404", "404", "404"),
    ("refunds.payment", "POST"): ("422", "422", "404", "404", "404"),
    ("refunds.refund", "GET"): ("200", "200", "404", "404", "404"),
    ("refunds.refund", "POST"): ("422", "422", "404", "404", "404"),
    ("refunds.look", "POST"): ("/refunds/1", "/refunds/1", "404", "404", "404"),
    ("reconcile.reconcile", "GET"): ("403", "200", "403", "403", "200"),
    ("reconcile.run", "GET"): ("403", "200", "403", "403", "404"),
    ("shifts.open_shift", "GET"): ("/till", "200", "/till", "/till", "200"),
    ("shifts.open_shift", "POST"): ("/till", "422", "/till", "/till", "422"),
    ("shifts.close_shift", "GET"): ("200", "200", "404", "404", "404"),
    ("shifts.close_shift", "POST"): ("422", "422", "404", "404", "404"),
    ("shifts.report", "GET"): ("200", "200", "404", "404", "404"),
    ("corrections.correction", "GET"): ("200", "200", "404", "404", "404"),
    ("corrections.recount", "GET"): ("403", "200", "403", "403", "404"),
    ("corrections.recount", "POST"): ("403", "422", "403", "403", "404"),
    ("x.look", "GET"): ("200", "200", "404", "404", "404"),
    **{(it, "GET"): ("403", "200", "403", "403", "200") for it in OF_THE_OFFICE},
    ("receipts.issue", "POST"): ("/receipts/1", "/receipts/1", "404", "404", "404"),
    ("receipts.show_link", "POST"): ("422", "422", "404", "404", "404"),
    ("receipts.link", "GET"): ("/receipts", "/receipts", "404", "404", "404"),
    ("ereceipts.receipt", "GET"): ("404", "404", "404", "404", "404"),
    ("receipts.receipt", "GET"): ("200", "200", "404", "404", "404"),
    ("paper.print_it", "POST"): ("422", "422", "404", "404", "404"),
    ("paper.sheet", "GET"): ("200", "200", "404", "404", "404"),
    ("paper.want_pdf", "POST"): ("422", "422", "404", "404", "404"),
    ("paper.pdf", "GET"): ("200", "200", "404", "404", "404"),
    ("exports.exports", "GET"): ("403", "200", "403", "403", "200"),
    ("exports.file", "GET"): ("403", "422", "403", "403", "422"),
    ("counting.count", "GET"): ("/shifts/4/close", "/shifts/4/close", "404", "404", "404"),
    ("counting.count", "POST"): ("/shifts/4/close", "/shifts/4/close", "404", "404", "404"),
    ("counting.agree", "POST"): ("/shifts/4/close", "/shifts/4/close", "404", "404", "404"),
    ("counting.resume", "POST"): ("/till", "/shifts", "404", "404", "404"),
    ("auth.logout", "POST"): ("/login", "/login", "/login", "/login", "/login"),
}
"""What each visitor is answered, going from door to door in this order: a status, or where the
answer leads. A form is sent empty but for its token; no shift closes, for a QR still waits."""

PUBLIC = {door for door in DOORS if door[0] in ("auth.language", "auth.login", "static")} | {
    ("callbacks.payway", "POST"),
    *((name, "GET") for name in ("health.alive", "health.ready", "ereceipts.receipt")),
    *((name, "GET") for name in ("display.display", "display.screen")),
    *((page, "GET") for page in EVERYBODYS if page.startswith("kiosk.")),
}

OF_A_SHIFT = tuple(f"counting.{it}" for it in ("agree", "count", "resume"))
OF_A_SHIFT += ("shifts.close_shift", "x.look")
OF_A_SALE = tuple(f"receipts.{it}" for it in ("issue", "receipt", "show_link", "link"))
OF_A_PAYMENT = ("claim.mark", *(f"till.{it}" for it in ("cancel", "give_back", "check", "new_qr")))

SECRETS = ("Dara", "Maly", "Riverside", "Till 1", "3.50", "Mekong", "csrf_token", "<form")
"""What only a page behind the login says."""


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
        sold_id = _cash_sale(shift.id)
        tran_id, display_id = charge(shift).tran_id, _paired_display(shop)
        run_id = reconcile.by_hand(shop.store_id, shift.business_date).id
        people = (shop.cashier, shop.manager, colleague, other.cashier, other.manager)
        payment = {"tran_id": tran_id}
        ids: dict[str, dict[str, object]] = {
            "static": {"filename": "css/tokens.css"},
            "attention.item": wrong_id,
            "refunds.payment": wrong_id,
            **dict.fromkeys(("refunds.refund", "refunds.look"), back_id),
            "cash.take": {"payment": tran_id},
            "cash.change": {"amount": "2.25", "currency": "USD"},
            **dict.fromkeys(OF_A_PAYMENT, payment),
            **dict.fromkeys(OF_A_SHIFT, {"shift_id": shift.id}),
            "drawer.move": {"word": "paid-out"},
            "drawer.refund": {"sale_id": sold_id},
            **dict.fromkeys(("pairing.rename", "pairing.revoke"), {"display_id": display_id}),
            "reconcile.run": {"run_id": run_id},
            "shifts.report": {"shift_id": report.shift_id},
            **_papers(shop, report),
        }
    logged_in = [log_in(app.test_client(), person) for person in people]
    return World(app, dict(zip(VISITORS, logged_in, strict=True)), ids)


def _cash_sale(shift_id: int) -> int:
    offer, key = tenders.Offer(given=Cash(300, 0)), "cash-of-the-cashier"
    return tenders.take_for_new_sale(shift_id, usd("3"), offer, key, who="dara").sale_id


def _wrong_money(shop: Shop, shift: Shift) -> tuple[dict[str, object], dict[str, object]]:
    """Too much money, of which a part went back: the payment's number, and the refund's."""
    wrong = charge(shift)
    said.tell(wrong, said.paid(wrong, amount=usd("9")))
    back = give_back(money_of(wrong).id, shop, "1", reference="FT-0001")
    return {"tran_id": wrong.tran_id}, {"refund_id": back.id}


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
        "exports.file": {"name": "payments", "kind": "csv"},
    }


def _paired_display(shop: Shop) -> int:
    code = displays.of_token(displays.start().token).pairing_code
    return displays.pair(code, db.session.get_one(Till, shop.till_id)).id
