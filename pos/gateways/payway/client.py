"""Every question the shop asks of ABA PayWay, for one merchant's profile.

What an answer means stands in `answers.py` and the tables of codes; how it gets here, in
`asking.py`. A payment is asked about by `tran_id:currency`, both known before its QR is made.
Source: ABA, developer.payway.com.kh (2026).
"""

import re
from datetime import datetime

from pos.errors import BadInput, GatewayError, GatewayGarbled, GatewayRejected
from pos.gateways.base import (
    Account,
    AccountStatus,
    Answer,
    Capabilities,
    Outcome,
    QrIssued,
    QrRequest,
    Token,
    Trouble,
)
from pos.gateways.deeds import CloseResult, Listing, Rates, RefundResult
from pos.gateways.payway import deeds, lists, making
from pos.gateways.payway.answers import Question, read_answer
from pos.gateways.payway.asking import Asker
from pos.gateways.payway.frame import Heard
from pos.gateways.payway.merchant_auth import read_refund_key
from pos.gateways.reply import redacted
from pos.gateways.troubles import answer_to, trouble_of
from pos.gateways.words import Done
from pos.money import Currency, Money
from pos.words import _

CALLBACK_LENGTH = 190
"""Source: ABA, QR API guide (2026): 255 characters once it is base64."""

_PROFILE = re.compile(r"[A-Za-z0-9._-]{1,30}")
_LOOKUP = re.compile(r"([A-Za-z0-9-]{1,20}):(USD|KHR)")
_NO_LOOKUP = "That is not a number of a PayWay payment."
_NOBODYS = "0-check-of-the-key"
"""A number that no payment has: our own begin with the day."""

_OF_ONE_ANSWER = (Trouble.GARBLED, Trouble.OTHER)
"""Trouble with one answer; any other is PayWay's, and the next question meets it too."""

_missing_checks: set[str] = set()
"""Hosts that have the retired check only, learnt once per start."""


class PayWayGateway:
    """ABA PayWay, asked as one merchant; see `pos.gateways.base.Gateway`."""

    name = "payway"
    capabilities = Capabilities(
        needs_call_to_make_qr=True,
        can_refund=True,
        can_close=True,
        can_list=True,
        has_deep_link=True,
        max_qr_seconds=making.MAX_SECONDS,
    )

    def __init__(self, account: Account, *, seconds: float) -> None:
        self._account = account
        self._asker = Asker(account=account, seconds=seconds)

    def refuse_wrong_account(self) -> None:
        """Raise BadInput for a profile whose fields cannot be PayWay's."""
        account = self._account
        if not _PROFILE.fullmatch(account.account_id):
            raise BadInput(_("A PayWay merchant id has 1 to 30 letters, digits, dots and hyphens."))
        if account.payment_option not in ("", *making.PURCHASE_OPTIONS):
            options = " or ".join(making.PURCHASE_OPTIONS)
            raise BadInput(f"The payment option is {options}, or nothing.")
        if account.refund_key:
            read_refund_key(account.refund_key)
        url = account.callback_url
        if url and not (url.startswith("https://") and len(url) <= CALLBACK_LENGTH):
            text = f"https:// and has {CALLBACK_LENGTH} characters at most"
            raise BadInput(f"The address for callbacks starts with {text}.")

    def lookup_for(self, request: QrRequest) -> str:
        """Return our number with the currency of its bill, which a check does not tell."""
        return f"{request.tran_id}:{request.amount.currency}"

    def issue_qr(self, request: QrRequest) -> QrIssued:
        """Return a QR that PayWay made; see `making.issue` for what it raises."""
        return making.issue(request, self.lookup_for(request), self._account, self._asker)

    def check(self, lookup: str) -> Answer:
        """Return what PayWay says of one payment. A number made a moment ago is NOT_FOUND."""
        match = _LOOKUP.fullmatch(lookup)
        if match is None:
            return Answer(outcome=Outcome.UNKNOWN, trouble=Trouble.OTHER, raw=_NO_LOOKUP)
        merchant_id = self._account.account_id
        question = Question(tran_id=match[1], currency=Currency(match[2]), merchant_id=merchant_id)
        try:
            return read_answer(self._ask_state(question.tran_id), question)
        except GatewayError as error:
            return answer_to(error)

    def _ask_state(self, tran_id: str) -> Heard:
        """Ask; a host that has no such call is asked the retired one while it has that."""
        host, asked = self._account.base_url, {"tran_id": tran_id}
        if host not in _missing_checks:
            heard = self._asker.ask("check-transaction-2", asked)
            if not _is_missing(heard):
                return heard
        heard = self._asker.ask("check-transaction", asked)
        (_missing_checks.discard if _is_missing(heard) else _missing_checks.add)(host)
        return heard

    def check_many(self, lookups: list[str]) -> dict[str, Answer]:
        """Return an answer for each, asked one by one.

        It stops at the first trouble that is not of one answer alone, which the rest gets too.
        """
        answers: dict[str, Answer] = {}
        for one in dict.fromkeys(lookups):
            answers[one] = answer = self.check(one)
            if answer.trouble is not None and answer.trouble not in _OF_ONE_ANSWER:
                return dict.fromkeys(lookups, answer) | answers
        return answers

    def requests_for(self, count: int) -> int:
        """Return one request a payment; one more where the host may lack the newer check."""
        return count + (self._account.base_url not in _missing_checks)

    def find_by_receipt(self, short_hash: str, amount: Money) -> Answer:
        """Return that PayWay has no such question."""
        return Answer(outcome=Outcome.UNKNOWN, trouble=Trouble.OTHER, raw="no such question")

    def try_key(self) -> Answer:
        """Ask about a number nobody has: not found shows that merchant id and key are a pair."""
        return self.check(f"{_NOBODYS}:USD")

    def check_account(self) -> AccountStatus:
        """Return EXISTS where merchant id and key are a pair: a number nobody has is not found."""
        answer = self.try_key()
        if answer.outcome is not Outcome.UNKNOWN:
            return AccountStatus.EXISTS
        is_unknown_merchant = answer.code in ("8", "96")
        return AccountStatus.MISSING if is_unknown_merchant else AccountStatus.UNKNOWN

    def deep_link(self, qr_string: str, return_url: str) -> str:
        """Return the link that opens ABA's app with this QR; it does not lead back."""
        return making.deep_link(qr_string)

    def token_ends_at(self, token: str) -> datetime | None:
        """Return None: an API key does not say when it ends."""
        return None

    def renew_token(self) -> Token:
        """Raise GatewayRejected: only ABA hands out keys."""
        raise GatewayRejected("only ABA can change the key", gateway=self.name)

    def close(self, lookup: str) -> CloseResult:
        """Close one payment at PayWay; it is watched all the same."""
        match = _LOOKUP.fullmatch(lookup)
        if match is None:
            return CloseResult(done=Done.REFUSED, trouble=Trouble.OTHER, says=_NO_LOOKUP)
        return deeds.close(self._asker, match[1])

    def refund(self, lookup: str, amount: Money) -> RefundResult:
        """Give money of one payment back, once, in the currency of its bill."""
        match = _LOOKUP.fullmatch(lookup)
        if match is None or match[2] != amount.currency:
            return RefundResult(done=Done.REFUSED, trouble=Trouble.OTHER, says=_NO_LOOKUP)
        return deeds.refund(self._asker, self._account, match[1], amount)

    def list_paid(self, since: datetime, until: datetime) -> Listing:
        """Return PayWay's list of a time of two days at most."""
        return lists.list_paid(self._asker, since, until)

    def detail(self, lookup: str) -> Listing:
        """Return PayWay's detail of one payment; ten a minute is all it answers."""
        match = _LOOKUP.fullmatch(lookup)
        if match is None:
            return Listing(is_whole=False, trouble=Trouble.OTHER, says=_NO_LOOKUP)
        return lists.detail(self._asker, match[1])

    def exchange_rates(self) -> Rates:
        """Return ABA's riel rates of the day; the dollar is not among them."""
        try:
            heard = self._asker.ask("exchange-rate", {})
            if heard.said is not None:
                code, says = heard.frame.code, heard.said.text
                return Rates(trouble=heard.trouble or Trouble.OTHER, code=code, says=says)
            return Rates(by_currency=deeds.read_rates(heard))
        except GatewayGarbled:
            return Rates(trouble=Trouble.GARBLED, says="PayWay's rates cannot be read.")
        except GatewayError as error:
            return Rates(trouble=trouble_of(error), says=redacted(str(error)))


def _is_missing(heard: Heard) -> bool:
    return heard.reply.status in (404, 405) and not heard.frame.code


def forget_hosts() -> None:
    """Forget what was learnt about hosts, as a fresh start does."""
    _missing_checks.clear()
