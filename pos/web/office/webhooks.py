"""Other systems that are told what happens: added, tried, paused, and what became of each event."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.errors import NotFound, Refused
from pos.models import Topic, User
from pos.reports.office import webhooks as report
from pos.services.webhooks import webhooks as deeds
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.web.signed_in import me
from pos.words import Words, _

bp = Blueprint("webhooks", __name__, url_prefix="/settings/webhooks")

USUAL = (Topic.PAID, Topic.ATTENTION, Topic.REFUNDED)
MOST_TYPED = 600
"""Characters of a field that are read."""


@bp.route("", methods=["GET", "POST"], endpoint="webhooks")
def webhook_list() -> ResponseReturnValue:
    """List the store's webhooks; on POST add one, and show its secret this once."""
    if request.method != "POST":
        return _page(chosen=USUAL)
    name, url = (request.form.get(it, "")[:MOST_TYPED] for it in ("name", "url"))
    asked = request.form.getlist("topic")
    chosen = tuple(topic for topic in deeds.CHOICES if topic in asked)
    try:
        webhook_id, secret = deeds.add(me(), name, url, chosen)
    except Refused as problem:
        return _page(name, url, chosen, problem.text, problem.status)
    return _secret(webhook_id, secret)


@bp.get("/<int:webhook_id>")
def webhook(webhook_id: int) -> ResponseReturnValue:
    """Show one webhook with what it was told, a page at a time."""
    return _one(webhook_id)


@bp.post("/<int:webhook_id>/test")
def test(webhook_id: int) -> ResponseReturnValue:
    """Put a test out; the list of events shows what becomes of it."""
    try:
        deeds.test(me(), webhook_id)
    except NotFound:
        raise
    except Refused as problem:
        return _one(webhook_id, problem.text, problem.status)
    flash(_("The test is put out. What became of it stands below."))
    return redirect(url_for(".webhook", webhook_id=webhook_id), 303)


@bp.post("/<int:webhook_id>/pause")
def pause(webhook_id: int) -> ResponseReturnValue:
    """Send it nothing for now."""
    return _done(deeds.pause, webhook_id, _("It is told nothing for now; what happens waits."))


@bp.post("/<int:webhook_id>/resume")
def resume(webhook_id: int) -> ResponseReturnValue:
    """Send it what waited."""
    return _done(deeds.resume, webhook_id, _("It is told again, and what waited goes out now."))


@bp.post("/<int:webhook_id>/secret")
def renew(webhook_id: int) -> ResponseReturnValue:
    """Give it a new secret, and show it this once."""
    return _secret(webhook_id, deeds.renew_secret(me(), webhook_id))


@bp.post("/<int:webhook_id>/remove")
def remove(webhook_id: int) -> ResponseReturnValue:
    """Tell it nothing more, ever."""
    deeds.remove(me(), webhook_id)
    flash(_("The webhook is removed. It is told nothing more."))
    return redirect(url_for(".webhooks"), 303)


@bp.post("/events/<int:delivery_id>/again")
def again(delivery_id: int) -> ResponseReturnValue:
    """Send an event once more."""
    webhook_id = deeds.send_again(me(), delivery_id)
    flash(_("The event goes out once more, under its own id."))
    return redirect(url_for(".webhook", webhook_id=webhook_id), 303)


def _done(deed: Callable[[User, int], None], webhook_id: int, text: Words) -> ResponseReturnValue:
    deed(me(), webhook_id)
    flash(text)
    return redirect(url_for(".webhook", webhook_id=webhook_id), 303)


def _page(
    name: str = "",
    url: str = "",
    chosen: tuple[Topic, ...] = (),
    error: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "webhooks/webhooks.html",
        store_name=me().store.name,
        known=report.of_store(me().store_id),
        topics={topic: report.TOPIC[topic] for topic in deeds.CHOICES},
        name=name,
        url=url,
        chosen=chosen,
        error=error,
    ), status


def _one(webhook_id: int, error: str = "", status: int = 200) -> ResponseReturnValue:
    line = report.one(me().store_id, webhook_id)
    return render_template(
        "webhooks/webhook.html",
        store_name=me().store.name,
        webhook=line,
        topics=report.TOPIC,
        page=report.log(line.id, _before()),
        error=error,
    ), status


def _secret(webhook_id: int, secret: str) -> ResponseReturnValue:
    return render_template(
        "webhooks/secret.html",
        store_name=me().store.name,
        webhook=report.one(me().store_id, webhook_id),
        secret=secret,
    )


def _before() -> int:
    try:
        return row_id(request.args.get("before") or "0")
    except ValueError:
        raise NotFound(_("There is no such event.")) from None
