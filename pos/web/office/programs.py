"""The tokens of other programs: listed, made, shown once, and revoked."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.errors import Refused
from pos.permissions import SCOPE_RIGHTS, Scope
from pos.services.api import tokens
from pos.web.languages import flash
from pos.web.signed_in import me
from pos.words import Words, _

bp = Blueprint("programs", __name__, url_prefix="/settings/programs")

SCOPES: dict[Scope, Words] = {
    Scope.READ: _("See sales and payments that came by the API"),
    Scope.CHARGE: _("Register sales, make QRs and cancel them"),
    Scope.REFUND: _("Write refunds down, with another person's PIN"),
    Scope.REPORT: _("Read shifts and their reports"),
    Scope.ADMIN: _("See each payment with its history"),
}
"""Each scope as the page says it."""

USUAL = (Scope.READ, Scope.CHARGE)


@bp.route("", methods=["GET", "POST"], endpoint="programs")
def program_list() -> ResponseReturnValue:
    """List the programs that have a token; on POST make one, and show its secret this once."""
    if request.method != "POST":
        return _page(chosen=USUAL)
    name, customer = request.form.get("name", "")[:200], request.form.get("customer", "")[:200]
    asked = request.form.getlist("scope")
    chosen = [scope for scope in Scope if scope in asked]
    try:
        row, secret = tokens.create(me(), name, chosen, by=me().who, customer=customer)
    except Refused as problem:
        return _page(name, customer, chosen, problem.text, problem.status)
    return render_template(
        "programs/secret.html", store_name=me().store.name, token=row, secret=secret
    )


@bp.post("/<int:token_id>/revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    """End a program's token at once."""
    tokens.revoke(me().store_id, token_id, by=me().who)
    flash(_("The token is revoked. The program is out."))
    return redirect(url_for(".programs"), 303)


def _page(
    name: str = "",
    customer: str = "",
    chosen: tuple[Scope, ...] | list[Scope] = (),
    error: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    mine = {scope: text for scope, text in SCOPES.items() if me().may(SCOPE_RIGHTS[scope])}
    return render_template(
        "programs/programs.html",
        store_name=me().store.name,
        known=tokens.of_store(me().store_id),
        scopes=mine,
        words=SCOPES,
        name=name,
        customer=customer,
        chosen=chosen,
        error=error,
    ), status
