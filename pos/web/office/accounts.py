"""The accounts that the shop is paid on: listed, added, tested, and put to use with a password.

A key that was typed is shown to nobody again, not even where the form is drawn once more.
"""

from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.errors import BadInput, NotFound, Refused
from pos.services.banking import checkup
from pos.services.banking.check_lines import Line
from pos.services.shop import payee_choices, shop_accounts, tills
from pos.services.shop.shop_accounts import Typed
from pos.web.forms import INCOMPLETE
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.web.signed_in import me
from pos.words import Words, _

bp = Blueprint("accounts", __name__, url_prefix="/settings/accounts")

GATEWAYS = {"bakong": "Bakong", "payway": "ABA PayWay"}


@dataclass(frozen=True)
class AccountForm:
    """The form of a new account as it is drawn: all but the key."""

    typed: Typed = Typed(gateway="bakong", is_practice=False, account_id="")
    error: str | Words = ""


@bp.get("", endpoint="accounts")
def account_list() -> ResponseReturnValue:
    """List the accounts, who is paid on each, and where it is used."""
    return render_template(
        "accounts/accounts.html",
        store_name=me().store.name,
        accounts=shop_accounts.of_person(me()),
        gateways=GATEWAYS,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add an account, which nothing uses yet."""
    if request.method != "POST":
        return _new_page(AccountForm())
    typed = _typed()
    try:
        row = shop_accounts.add(me(), typed)
    except Refused as problem:
        return _new_page(AccountForm(typed, problem.text), problem.status)
    flash(_("The account is added. Test it, then have it used."))
    return redirect(url_for(".account", account_id=row.id), 303)


def _typed() -> Typed:
    def sent(name: str, most: int) -> str:
        return request.form.get(name, "")[:most].replace("\0", "")

    return Typed(
        gateway=sent("gateway", 16),
        is_practice=sent("money", 16) == "practice",
        account_id=sent("account_id", 200),
        merchant_id=sent("merchant_id", 64),
        acquiring_bank=sent("acquiring_bank", 64),
        token_email=sent("token_email", 64),
        key=sent("key", shop_accounts.MOST_KEY + 1),
    )


def _new_page(form: AccountForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "accounts/new.html", store_name=me().store.name, form=form, gateways=GATEWAYS
    ), status


@bp.get("/<int:account_id>")
def account(account_id: int) -> ResponseReturnValue:
    """Show an account with what may be done with it."""
    return _page(account_id)


def _page(
    account_id: int, error: str | Words = "", status: int = 200, lines: tuple[Line, ...] = ()
) -> ResponseReturnValue:
    row = shop_accounts.find(me(), account_id)
    uses = {one.id: used for one, used in shop_accounts.of_person(me())}
    return render_template(
        "accounts/account.html",
        store_name=me().store.name,
        account=row,
        uses=uses[row.id],
        gateway=GATEWAYS.get(row.gateway, row.gateway),
        store=me().store,
        tills=tills.in_use(me().store_id),
        error=error,
        lines=lines,
    ), status


@bp.post("/<int:account_id>/test")
def test(account_id: int) -> ResponseReturnValue:
    """Ask the bank about the account and its key; the answer shows what was found, line by line."""
    row = shop_accounts.find(me(), account_id)
    found = checkup.look_over(row, probes_loopback=current_app.testing)
    return _page(account_id, lines=found)


@bp.post("/<int:account_id>/key")
def key(account_id: int) -> ResponseReturnValue:
    """Keep another key for the account."""
    typed = request.form.get("key", "")[: shop_accounts.MOST_KEY + 1]
    try:
        password = request.form.get("current_password", "")
        shop_accounts.set_key(me(), account_id, typed, password=password)
    except NotFound:
        raise
    except Refused as problem:
        return _page(account_id, problem.text, problem.status)
    flash(_("The new key is stored. Test it now."))
    return redirect(url_for(".account", account_id=account_id), 303)


@bp.post("/<int:account_id>/use")
def use(account_id: int) -> ResponseReturnValue:
    """Have the store, or one of its tills, paid on this account from the next QR on."""
    try:
        till_id, seen = _place(request.form.get("place", ""))
        password = request.form.get("current_password", "")
        payee_choices.use(me(), account_id, till_id, seen=seen, password=password)
    except NotFound:
        raise
    except Refused as problem:
        return _page(account_id, problem.text, problem.status)
    flash(_("From the next QR on money goes there. Every till of the store says so for a day."))
    return redirect(url_for(".account", account_id=account_id), 303)


def _place(typed: str) -> tuple[int | None, int | None]:
    """Read "till-seen": the till, or "store", and the account that the page showed there."""
    place, _dash, seen = typed.partition("-")
    try:
        return (
            None if place == "store" else row_id(place),
            None if seen == "none" else row_id(seen),
        )
    except ValueError:
        raise BadInput(_("Choose a store or a till.") if not typed else INCOMPLETE) from None


@bp.post("/tills/<int:till_id>/same")
def same(till_id: int) -> ResponseReturnValue:
    """Have a till paid on its store's account again."""
    back = request.form.get("account", "")
    tills.find(me(), till_id)
    try:
        _till_id, seen = _place(f"{till_id}-{back}")
        password = request.form.get("current_password", "")
        payee_choices.use(me(), 0, till_id, seen=seen, password=password)
    except NotFound:
        raise
    except Refused as problem:
        flash(problem.text)
        return redirect(url_for(".accounts"), 303)
    flash(_("From the next QR on money goes there. Every till of the store says so for a day."))
    return redirect(url_for(".accounts"), 303)
