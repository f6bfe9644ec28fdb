"""The people of the store: who they are, what they may do, and their logins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.errors import BadInput, NotAllowed, Refused
from pos.models import User
from pos.permissions import Role
from pos.services.people import codes, logins, people
from pos.services.people.people import ROLE_WORDS
from pos.web.languages import flash
from pos.web.signed_in import me
from pos.words import Words, _

bp = Blueprint("people", __name__, url_prefix="/people")


@dataclass(frozen=True, kw_only=True)
class PersonForm:
    """The form as it is drawn: what was typed and chosen, and what was wrong."""

    username: str = ""
    name: str = ""
    role: str = Role.CASHIER
    error: str = ""


@dataclass(frozen=True)
class PersonLine:
    """One line of the list."""

    person: User
    role: Words
    last_at: datetime | None


@bp.get("", endpoint="people")
def people_list() -> ResponseReturnValue:
    """List who belongs to the store, and when each last came in."""
    found = people.of_store(me().store_id)
    last = logins.last_of([one.id for one in found])
    lines = [PersonLine(one, ROLE_WORDS[one.role][0], last.get(one.id)) for one in found]
    return render_template("people/people.html", store_name=me().store.name, people=lines)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a person; the answer shows the password of their first login, this once."""
    form = _read_form() if request.method == "POST" else PersonForm()
    if request.method != "POST":
        return _new_page(form)
    try:
        user_id, password = people.add(me(), form.username, form.name, _role(form))
    except Refused as problem:
        return _new_page(_again(form, problem), problem.status)
    return _password_page(user_id, password)


def _read_form() -> PersonForm:
    sent = request.form
    # PostgreSQL cannot even be asked for a NUL; nobody's name has one.
    username = sent.get("username", "")[:40].replace("\0", "")
    return PersonForm(
        username=username, name=sent.get("name", "")[:200], role=sent.get("role", "")[:20]
    )


def _role(form: PersonForm) -> Role:
    try:
        return Role(form.role)
    except ValueError:
        raise BadInput(_("Choose a role.")) from None


def _again(form: PersonForm, problem: Refused) -> PersonForm:
    """Return the form with what was wrong; what nobody may do is an error page of its own."""
    if isinstance(problem, NotAllowed):
        raise problem
    return PersonForm(
        username=form.username, name=form.name, role=form.role, error=str(problem.text)
    )


def _new_page(form: PersonForm, status: int = 200) -> ResponseReturnValue:
    roles = _roles()
    return render_template(
        "people/new.html", store_name=me().store.name, roles=roles, form=form
    ), status


def _roles() -> list[tuple[Role, Words, Words]]:
    return [(role, *ROLE_WORDS[role]) for role in people.roles_to_give(me())]


def _password_page(user_id: int, password: str) -> ResponseReturnValue:
    """Show a password that nobody is shown again: no redirect, for a cookie would carry it."""
    person = people.find(me(), user_id)
    return render_template(
        "people/password.html", store_name=me().store.name, person=person, password=password
    )


@bp.route("/<int:user_id>", methods=["GET", "POST"])
def person(user_id: int) -> ResponseReturnValue:
    """Show a person with their logins; on POST give them another name or role."""
    found = people.find(me(), user_id)
    if request.method != "POST":
        form = PersonForm(username=found.username, name=found.display_name, role=found.role)
        return _person_page(user_id, form)
    form = _read_form()
    try:
        people.change(me(), user_id, form.name, _role(form))
    except Refused as problem:
        return _person_page(user_id, _again(form, problem), problem.status)
    flash(_("It is written down."))
    return redirect(url_for(".person", user_id=user_id), 303)


def _person_page(user_id: int, form: PersonForm, status: int = 200) -> ResponseReturnValue:
    found = people.find(me(), user_id)
    return render_template(
        "people/person.html",
        store_name=me().store.name,
        person=found,
        role=ROLE_WORDS[found.role][0],
        may_change=people.may_change(me(), found),
        roles=_roles(),
        logins=logins.of_person(user_id),
        has_second_step=codes.is_on(user_id),
        form=form,
    ), status


@bp.post("/<int:user_id>/out")
def shut_out(user_id: int) -> ResponseReturnValue:
    """End a person's logins, and let them open no other."""
    return _do(user_id, people.shut_out, _("They are out, and cannot log in."))


@bp.post("/<int:user_id>/in")
def let_in(user_id: int) -> ResponseReturnValue:
    """Let a person in again."""
    return _do(user_id, people.let_in, _("They may log in again."))


@bp.post("/<int:user_id>/logins/end")
def end_logins(user_id: int) -> ResponseReturnValue:
    """End every login of a person."""
    return _do(user_id, people.end_logins, _("Every login of theirs has ended."))


@bp.post("/<int:user_id>/second-step/reset")
def reset_second_step(user_id: int) -> ResponseReturnValue:
    """Ask a person for no code any more, who lost their phone."""
    return _do(user_id, people.reset_second_step, _("They log in with the password alone again."))


@bp.post("/<int:user_id>/password")
def password(user_id: int) -> ResponseReturnValue:
    """Give a person a new password; the answer shows it, this once."""
    return _password_page(user_id, people.reset_password(me(), user_id))


def _do(user_id: int, deed: Callable[[User, int], None], told: Words) -> ResponseReturnValue:
    people.find(me(), user_id)
    try:
        deed(me(), user_id)
        flash(told)
    except NotAllowed:
        raise
    except Refused as problem:
        flash(problem.text)
    return redirect(url_for(".person", user_id=user_id), 303)
