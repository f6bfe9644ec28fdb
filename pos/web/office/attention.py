"""Money that needs a person: the list, and the page on which a manager decides about one."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import AlreadyDecided, BadInput, NotFound, Refused
from pos.models import User
from pos.permissions import Right
from pos.reports.auditing import books_health
from pos.reports.closing import exceptions
from pos.reports.office import attention as queue
from pos.reports.office import callback_alarms, disputes
from pos.reports.office import refunds as shown
from pos.reports.office.attention import AttentionItem
from pos.services.people import pins
from pos.services.settling import attention
from pos.services.settling.attention import Decision
from pos.states import ResolutionKind
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("attention", __name__, url_prefix="/attention")


@dataclass(frozen=True)
class DecideForm:
    """The form as it is drawn; a PIN is never drawn again."""

    kind: str = ""
    reason: str = ""
    note: str = ""
    manager_id: int | None = None
    error: str = ""


@dataclass(frozen=True)
class Choice:
    """One decision that may be taken, with the reasons that go with it."""

    kind: str
    label: str
    hint: str
    reasons: tuple[tuple[str, str], ...]


_LABELS = {
    ResolutionKind.REFUND_REQUESTED: (
        _("Send it back"),
        _("The refund is made in the bank's own app."),
    ),
    ResolutionKind.REFUNDED: (
        _("It was sent back"),
        _("Write the reference of the transfer below."),
    ),
    ResolutionKind.WRITTEN_OFF: (_("Write it off"), _("Nothing more is done about it.")),
}


def _me() -> User:
    user: User = current_user.user
    return user


@bp.get("", endpoint="attention")
def attention_list() -> ResponseReturnValue:
    """List what waits for a decision, at the person's till or in a manager's store."""
    return render_template(
        "attention/attention.html",
        store_name=_me().store.name,
        items=queue.queue(_me()),
        sees_all=_me().may(Right.SEE_ALL_TILLS),
        refunds=shown.calling(exceptions.tills_of(_me())),
        disputes_due=disputes.count_due(exceptions.tills_of(_me())),
        books=books_health.alarm() if _me().may(Right.SEE_FIGURES) else None,
        alarms=callback_alarms.of_user(_me()),
        silent=_silent(_me()),
    )


def _silent(user: User) -> tuple[str, ...]:
    """Return the accounts whose callbacks stay away, for a manager."""
    merchant_id = user.store.merchant_id
    return callback_alarms.silent_of(merchant_id) if user.may(Right.SEE_FIGURES) else ()


@bp.route("/<tran_id>", methods=["GET", "POST"])
def item(tran_id: str) -> ResponseReturnValue:
    """Show one payment's money and decide about it, with a manager's PIN."""
    found = queue.of_payment(_me(), tran_id)
    if found is None:
        raise NotFound(_("Nothing is to be decided about this payment."))
    if request.method != "POST":
        return _item_page(found, DecideForm())
    form = _read_form()
    try:
        _decide(found, form)
    except AlreadyDecided as problem:
        flash(problem.text)
        return redirect(url_for(".attention"), 303)
    except Refused as problem:
        again = DecideForm(form.kind, form.reason, form.note, form.manager_id, problem.text)
        return _item_page(found, again, problem.status)
    flash(_("The decision is written down."))
    return redirect(url_for(".attention"), 303)


def _read_form() -> DecideForm:
    form = request.form
    return DecideForm(
        kind=form.get("kind", ""),
        reason=form.get("reason", ""),
        note=form.get("note", ""),
        manager_id=form.get("manager_id", type=row_id),
    )


def _decide(found: AttentionItem, form: DecideForm) -> None:
    """Do what the form says, after all that is wrong with it is told without a PIN being tried."""
    if request.form.get("money", type=row_id) != found.money_id:
        raise AlreadyDecided(_("This was decided in the meantime. Look at what is left."))
    if form.kind not in set(ResolutionKind):
        raise BadInput(_("Choose what is to be done."))
    kind = ResolutionKind(form.kind)
    attention.refuse_bad(kind, form.reason, form.note)
    pin = request.form.get("pin", "")
    manager = pins.approve(form.manager_id, pin, found.till_id, _me().store_id)
    decision = Decision(
        kind=kind,
        reason=form.reason,
        note=form.note,
        asked_by_id=_me().id,
        approved_by_id=manager.id,
    )
    attention.resolve(found.payment_id, found.money_id or None, decision, who=current_user.who)


def _item_page(found: AttentionItem, form: DecideForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "attention/item.html",
        store_name=_me().store.name,
        item=found,
        choices=_choices(found),
        managers=pins.approvers(_me().store_id),
        form=form,
    ), status


def _choices(found: AttentionItem) -> tuple[Choice, ...]:
    kinds = attention.possible(found.remark, found.last, has_money=found.money_id > 0)
    return tuple(_choice(kind, found) for kind in kinds)


def _choice(kind: ResolutionKind, found: AttentionItem) -> Choice:
    if kind is ResolutionKind.ACCEPTED:
        label, hint = _accept_label(found)
    else:
        label, hint = _LABELS[kind]
    reasons = attention.REASONS.items()
    fitting = tuple((word, text) for word, (text, kinds) in reasons if kind in kinds)
    return Choice(str(kind), label, hint, fitting)


def _accept_label(found: AttentionItem) -> tuple[str, str]:
    if not found.money_id:
        return _("It is paid all the same"), _("The sale stays paid by a manager's word.")
    if found.is_sale_open:
        return _("Accept it for this sale"), _("The sale is then paid by this money.")
    return _("Keep it"), _("The sale stays as it is; the shop keeps the money.")
