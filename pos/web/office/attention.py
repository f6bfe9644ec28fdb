"""Money that needs a person: the list, what was decided, and the page that decides about one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import AlreadyDecided, BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import Payment, User
from pos.permissions import Right
from pos.reports.auditing import books_health
from pos.reports.closing import exceptions
from pos.reports.counter import announcing
from pos.reports.office import attention as queue
from pos.reports.office import attention_history, callback_alarms, disputes
from pos.reports.office import refunds as shown
from pos.reports.office.attention import AttentionItem, QueuePage
from pos.reports.office.attention_history import DecidedPage
from pos.reports.wording import TROUBLE
from pos.services.asking import questions
from pos.services.people import pins
from pos.services.settling import attention
from pos.services.settling.attention import Decision
from pos.states import ResolutionKind
from pos.web import places
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.web.office import attention_forms
from pos.web.office.attention_forms import DecideForm
from pos.words import _

bp = Blueprint("attention", __name__, url_prefix="/attention")


def _me() -> User:
    user: User = current_user.user
    return user


@bp.get("", endpoint="attention")
def attention_list() -> ResponseReturnValue:
    """List what waits for a decision, at the person's till or in a manager's store.

    `?kind=paid_late&till=1&age=day` asks for some of it, `?after=` goes on with what was found
    later; with 422 none of it for what is no list.
    """
    me, asked = _me(), attention_forms.read_asked(_me())
    tills = exceptions.tills_of(me)
    page = queue.queue(me, asked.wanted) if not asked.error else QueuePage()
    return render_template(
        "attention/attention.html",
        store_name=me.store.name,
        asked=asked,
        page=page,
        newer=places.write(*page.newer) if page.newer else "",
        sees_all=me.may(Right.SEE_ALL_TILLS),
        refunds=shown.calling(tills),
        disputes_due=disputes.count_due(tills),
        books=books_health.alarm() if me.may(Right.SEE_FIGURES) else None,
        alarms=callback_alarms.of_user(me),
        silent=_silent(me),
    ), asked.status


def _silent(user: User) -> tuple[str, ...]:
    """Return the accounts whose callbacks stay away, for a manager."""
    merchant_id = user.store.merchant_id
    return callback_alarms.silent_of(merchant_id) if user.may(Right.SEE_FIGURES) else ()


@bp.get("/history")
def history() -> ResponseReturnValue:
    """List what was decided, newest first; `?before=` goes on with older decisions."""
    asked, found = attention_forms.read_asked(_me()), DecidedPage((), 0)
    before = request.args.get("before", default=0, type=row_id)
    if not asked.error:
        found = attention_history.page(_me(), asked.wanted, before)
    return render_template(
        "attention/history.html",
        store_name=_me().store.name,
        asked=asked,
        page=found,
        reasons={word: text for word, (text, _kinds) in attention.REASONS.items()},
    ), asked.status


@bp.post("/<tran_id>/ask")
def ask(tran_id: str) -> ResponseReturnValue:
    """Ask the bank at once about a payment that waits for a decision, and say what it said.

    `?back=item` leads to the page of the item, if it still waits; else to the list.
    """
    payment = db.session.get_one(Payment, _find(tran_id).payment_id)
    try:
        answer = questions.check_now(payment, who=current_user.who)
        if answer is None:
            flash(_("There is no QR that the bank could be asked about."))
        else:
            flash(announcing.told(answer.outcome))
            if answer.trouble is not None:
                flash(TROUBLE[answer.trouble])
    except Refused as problem:
        flash(problem.text)
    stays = request.args.get("back") == "item" and queue.of_payment(_me(), tran_id) is not None
    to = url_for(".item", tran_id=tran_id) if stays else url_for(".attention")
    return redirect(to, 303)


def _find(tran_id: str) -> AttentionItem:
    found = queue.of_payment(_me(), tran_id)
    if found is None:
        raise NotFound(_("Nothing is to be decided about this payment."))
    return found


@bp.route("/<tran_id>", methods=["GET", "POST"])
def item(tran_id: str) -> ResponseReturnValue:
    """Show one payment's money and decide about it, with a manager's PIN."""
    found = _find(tran_id)
    if request.method != "POST":
        return _item_page(found, DecideForm())
    form = attention_forms.read_form()
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
        choices=attention_forms.choices(found),
        managers=pins.approvers(_me().store_id),
        form=form,
    ), status
