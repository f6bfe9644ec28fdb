"""The first start: an empty installation is given its shop and its owner, by a code."""

from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.errors import BadInput, NotFound, Refused
from pos.services.people import first_run, users
from pos.services.people.first_run import FirstShop
from pos.services.shop.shops import LIVE, NewAccount
from pos.web.signed_in import come_in, place
from pos.words import _

bp = Blueprint("welcome", __name__)

FIELDS = (
    *("merchant", "city", "store", "till", "gateway", "account", "token_email"),
    *("name", "username"),
)
"""What the page draws again; a code, a token and a password are typed each time."""


@dataclass(frozen=True)
class WelcomeForm:
    """The form as it is drawn: what was typed, and what was wrong."""

    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""


BANKS = {"bakong": "Bakong", "payway": "ABA PayWay"}
"""What each gateway is called; a name is the same in every language."""

_USUAL = {"city": "Phnom Penh", "till": "Till 1", "gateway": "bakong"}


@bp.route("/welcome", methods=["GET", "POST"])
def welcome() -> ResponseReturnValue:
    """Ask for the shop and its owner; on POST make both and log the owner in. 404 ever after."""
    if not first_run.is_needed():
        raise NotFound(_("There is nothing at this address."))
    if request.method != "POST":
        return _page(WelcomeForm(_USUAL))
    sent = request.form
    # PostgreSQL cannot even be asked for a NUL; no name has one.
    typed = {name: sent.get(name, "").replace("\0", "")[:200].strip() for name in FIELDS}
    try:
        first_run.finish(sent.get("code", "")[:40], _read(typed))
    except NotFound:
        raise
    except Refused as problem:
        return _page(WelcomeForm(typed, problem.text), problem.status)
    come_in(users.log_in(typed["username"], sent.get("password", ""), place()))
    return redirect(url_for("shifts.open_shift"), 303)


def _read(typed: dict[str, str]) -> FirstShop:
    password, token = request.form.get("password", ""), request.form.get("token", "").strip()
    if typed["gateway"] not in LIVE:
        raise BadInput(_("Choose the bank."))
    if password != request.form.get("again", ""):
        raise BadInput(_("The two new passwords are not the same."))
    base_url, quota = LIVE[typed["gateway"]]
    account = NewAccount(
        gateway=typed["gateway"],
        base_url=base_url,
        account_id=typed["account"],
        token=token,
        token_email=typed["token_email"],
        daily_quota=quota,
    )
    return FirstShop(
        merchant=typed["merchant"],
        city=typed["city"],
        store=typed["store"],
        till=typed["till"],
        account=account,
        name=typed["name"],
        username=typed["username"],
        password=password,
    )


def _page(form: WelcomeForm, status: int = 200) -> ResponseReturnValue:
    return render_template("welcome/welcome.html", form=form, banks=BANKS), status
