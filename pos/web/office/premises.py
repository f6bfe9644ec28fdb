"""The settings of the merchant, its store and the store's tills."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.errors import NotFound, Refused
from pos.models import User
from pos.services.shop import names, premises, tills
from pos.services.shop.premises import MerchantTyped, StoreTyped
from pos.web.languages import flash
from pos.web.signed_in import me
from pos.words import Words, _

bp = Blueprint("premises", __name__, url_prefix="/settings")

SAVED = _("It is written down.")


def _sent(name: str, most: int = 200) -> str:
    return request.form.get(name, "")[:most]


@bp.get("/store")
def store() -> ResponseReturnValue:
    """Show the store and its merchant, as they may be changed."""
    return _store_page()


@bp.post("/store")
def change_store() -> ResponseReturnValue:
    """Change the store."""
    typed = StoreTyped(_sent("name"), _sent("label"), _sent("closes", 20), _sent("opens", 20))
    try:
        premises.change_store(me(), typed, seen=_sent("seen"))
    except Refused as problem:
        return _store_page(store=typed, error=problem.text, status=problem.status)
    flash(SAVED)
    return redirect(url_for(".store"), 303)


@bp.post("/merchant")
def change_merchant() -> ResponseReturnValue:
    """Change the merchant's name and city."""
    typed = MerchantTyped(_sent("merchant_name"), _sent("city"))
    try:
        premises.change_merchant(me(), typed, seen=_sent("seen"))
    except Refused as problem:
        return _store_page(merchant=typed, error=problem.text, status=problem.status)
    flash(SAVED)
    return redirect(url_for(".store"), 303)


def _store_page(
    store: StoreTyped | None = None,
    merchant: MerchantTyped | None = None,
    error: str | Words = "",
    status: int = 200,
) -> ResponseReturnValue:
    place = me().store
    is_store, is_merchant = premises.shown(place), premises.shown_merchant(place.merchant)
    return render_template(
        "premises/store.html",
        store_name=place.name,
        store=store or is_store,
        store_seen=names.seen(is_store),
        merchant=merchant or is_merchant,
        merchant_seen=names.seen(is_merchant),
        may_change_merchant=premises.may_change_merchant(me()),
        error=error,
    ), status


@bp.get("/tills", endpoint="tills")
def till_list() -> ResponseReturnValue:
    """List the tills of the store, each with what may be done with it."""
    return _tills_page()


@bp.post("/tills")
def add_till() -> ResponseReturnValue:
    """Add a till to the store."""
    name, label = _sent("name"), _sent("label")
    try:
        tills.add(me(), name, label)
    except Refused as problem:
        return _tills_page((name, label), problem.text, problem.status)
    flash(_("The till is added."))
    return redirect(url_for(".tills"), 303)


@bp.post("/tills/<int:till_id>")
def change_till(till_id: int) -> ResponseReturnValue:
    """Give a till another name and label."""
    try:
        tills.change(me(), till_id, _sent("name"), _sent("label"), seen=_sent("seen"))
    except NotFound:
        raise
    except Refused as problem:
        return _tills_page(error=problem.text, status=problem.status)
    flash(SAVED)
    return redirect(url_for(".tills"), 303)


@bp.post("/tills/<int:till_id>/retire")
def retire_till(till_id: int) -> ResponseReturnValue:
    """Let no more shifts be opened at a till."""
    return _do(till_id, tills.retire)


@bp.post("/tills/<int:till_id>/back")
def bring_back_till(till_id: int) -> ResponseReturnValue:
    """Let shifts be opened at a retired till again."""
    return _do(till_id, tills.bring_back)


def _do(till_id: int, deed: Callable[[User, int], None]) -> ResponseReturnValue:
    try:
        deed(me(), till_id)
        flash(SAVED)
    except NotFound:
        raise
    except Refused as problem:
        flash(problem.text)
    return redirect(url_for(".tills"), 303)


def _tills_page(
    typed: tuple[str, str] = ("", ""), error: str | Words = "", status: int = 200
) -> ResponseReturnValue:
    found = tills.of_store(me().store_id)
    return render_template(
        "premises/tills.html",
        store_name=me().store.name,
        tills=[(till, tills.mark(till)) for till in found],
        typed=typed,
        error=error,
    ), status
