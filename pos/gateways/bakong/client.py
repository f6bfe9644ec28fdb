"""Every question the shop asks of the Bakong Open API, for one account.

What an answer means stands in `answers.py`; how it gets here, in `asking.py` and below it.
Source: NBC, Bakong Open API v1.0.2 to v1.0.5.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

from pos.errors import BadInput, GatewayError, GatewayGarbled, GatewayRejected
from pos.gateways.bakong import qr
from pos.gateways.bakong.answers import meaning_of
from pos.gateways.bakong.asking import Asker
from pos.gateways.bakong.links import read_link
from pos.gateways.bakong.lists import MOST_ITEMS
from pos.gateways.bakong.token import token_expires_at
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
from pos.gateways.deeds import Unable
from pos.gateways.troubles import answer_to
from pos.khqr import KhqrError, rules
from pos.money import Money
from pos.words import _

EMAIL_LENGTH = 30
"""Source: NBC, Bakong Open API v1.0.2, renew_token."""

_APP_NAME = "KHQR POS"
_MD5 = re.compile(r"[0-9a-f]{32}")
_RECEIPT = re.compile(r"[0-9a-z]{8}")

_NOBODYS = "0" * 32
"""An MD5 that no QR has."""

_OF_ONE_ANSWER = (Trouble.GARBLED, Trouble.OTHER)
"""Trouble with one answer; any other is the gateway's, and the next question meets it too."""

_OF_LISTS = (Trouble.FORBIDDEN, Trouble.OTHER, Trouble.GARBLED)
"""Trouble that says no list is to be had; the same may be asked one by one."""

_takes_lists: dict[str, bool] = {}
"""Whether a host takes MD5 lists, learnt once per start: production refuses them to everybody."""


class BakongGateway(Unable):
    """The Bakong Open API, asked with one account's key; see `pos.gateways.base.Gateway`."""

    name = "bakong"
    capabilities = Capabilities(
        can_check_many=True,
        can_find_by_receipt=True,
        has_deep_link=True,
        max_qr_seconds=qr.MAX_SECONDS,
    )

    def __init__(self, account: Account, *, seconds: float) -> None:
        self._account = account
        self._asker = Asker(account=account, seconds=seconds)

    def refuse_wrong_account(self) -> None:
        """Raise BadInput for an account or an e-mail address that Bakong cannot have."""
        try:
            rules.account(self._account.account_id)
        except KhqrError:
            raise BadInput(_("The account looks like name@bank, 32 characters at most.")) from None
        if len(self._account.token_email) > EMAIL_LENGTH:
            raise BadInput(
                _("The e-mail address has %(most)s characters at most.", most=EMAIL_LENGTH)
            )

    def lookup_for(self, request: QrRequest) -> str:
        """Return "": only a QR that is made has its MD5."""
        return ""

    def issue_qr(self, request: QrRequest) -> QrIssued:
        """Return a QR made here, nothing is sent; KhqrError or GatewayRejected."""
        return qr.issue(request, self._account)

    def check(self, lookup: str) -> Answer:
        """Return what Bakong says of the QR with this MD5."""
        if not _MD5.fullmatch(lookup):
            return Answer(outcome=Outcome.UNKNOWN, trouble=Trouble.OTHER, raw="not an MD5")
        return self._asker.ask("check_transaction_by_md5", {"md5": lookup})

    def check_many(self, lookups: list[str]) -> dict[str, Answer]:
        """Return an answer for each MD5: fifty a request, or one by one where lists are refused.

        One by one it stops at the first trouble that is not of one answer alone, and gives
        that answer to the rest: a bank that is down is not asked fifty times.
        """
        asked = list(dict.fromkeys(one for one in lookups if _MD5.fullmatch(one)))
        answers = {one: self.check(one) for one in lookups if not _MD5.fullmatch(one)}
        if len(asked) < 2 or _takes_lists.get(self._account.base_url) is False:
            return answers | self._one_by_one(asked)
        for start in range(0, len(asked), MOST_ITEMS):
            part = asked[start : start + MOST_ITEMS]
            heard = self._asker.ask_list("check_transaction_by_md5_list", part, "md5")
            if isinstance(heard, Answer):
                return answers | self._without_list(heard, asked[start:])
            _takes_lists[self._account.base_url] = True
            answers |= heard
        return answers

    def requests_for(self, count: int) -> int:
        """Return how many requests a `check_many` of so many may spend, at the most."""
        takes_lists = _takes_lists.get(self._account.base_url)
        if count < 2 or takes_lists is False:
            return count
        return -(-count // MOST_ITEMS) if takes_lists else count + 1

    def check_reference(self, reference: str) -> Answer:
        """Return what Bakong says of the transfer with this ledger hash."""
        return self._asker.ask(
            "check_transaction_by_hash",
            {"hash": reference},
            lambda it: it.reference.lower() == reference.lower(),
        )

    def check_references(self, references: Sequence[str]) -> dict[str, Answer]:
        """Return an answer for each ledger hash, fifty a request."""
        answers: dict[str, Answer] = {}
        asked = list(dict.fromkeys(references))
        for start in range(0, len(asked), MOST_ITEMS):
            part = asked[start : start + MOST_ITEMS]
            heard = self._asker.ask_list("check_transaction_by_hash_list", part, "hash")
            answers |= dict.fromkeys(part, heard) if isinstance(heard, Answer) else heard
        return answers

    def find_by_receipt(self, short_hash: str, amount: Money) -> Answer:
        """Return the transfer whose hash begins with the eight characters of a receipt.

        BadInput where a receipt cannot carry these characters.
        """
        short = short_hash.strip().lower()
        if not _RECEIPT.fullmatch(short):
            raise BadInput(_("The receipt's code has eight letters and digits."))
        # Written by hand, so that the amount is exact: JSON's usual writer knows floats only.
        body = f'{{"hash": "{short}", "amount": {amount.plain}, "currency": "{amount.currency}"}}'
        return self._asker.ask(
            "check_transaction_by_short_hash",
            body,
            lambda it: it.reference.lower().startswith(short) and it.amount == amount,
        )

    def find_by_bank_reference(self, reference: str) -> Answer:
        """Return the transfer with this reference of the payer's bank (`externalRef`)."""
        return self._asker.ask(
            "check_transaction_by_external_ref",
            {"externalRef": reference},
            lambda it: it.bank_reference in ("", reference),
        )

    def find_by_instruction(self, reference: str) -> Answer:
        """Return the transfer with this `instructionRef`, which the payer's bank has set."""
        body = {"instructionRef": reference}
        return self._asker.ask("check_transaction_by_instruction_ref", body)

    def try_key(self) -> Answer:
        """Ask about a QR that nobody made; it costs a question of the day."""
        return self.check(_NOBODYS)

    def check_account(self) -> AccountStatus:
        """Return whether Bakong knows the receiving account."""
        body = {"accountId": self._account.account_id}
        try:
            reply = self._asker.send("check_bakong_account", body)
        except GatewayError:
            return AccountStatus.UNKNOWN
        meaning, envelope = meaning_of(reply)
        if meaning is Outcome.PAID:
            return AccountStatus.EXISTS
        known = {11: AccountStatus.MISSING, 12: AccountStatus.MALFORMED}
        error = envelope.error if reply.status == 200 and envelope.error else 0
        return known.get(error, AccountStatus.UNKNOWN)

    def deep_link(self, qr_string: str, return_url: str) -> str:
        """Return a link that opens a bank's app with this QR, or "" for whatever reason.

        The app leads back to `return_url`; coming back is no proof of payment.
        """
        return self.ask_link(qr_string, return_url)[0]

    def ask_link(self, qr_string: str, return_url: str) -> tuple[str, Answer]:
        """Return the link and how the question went; see `pos.gateways.bakong.links`."""
        body: dict[str, object] = {"qr": qr_string}
        if return_url:
            # All three or none, says NBC; a site's icon is where browsers look for it.
            body["sourceInfo"] = {
                "appIconUrl": urljoin(return_url, "/favicon.ico"),
                "appName": _APP_NAME,
                "appDeepLinkCallback": return_url,
            }
        try:
            return read_link(self._asker.send("generate_deeplink_by_qr", body, with_key=False))
        except GatewayError as error:
            return "", answer_to(error)

    def token_ends_at(self, token: str) -> datetime | None:
        """Return the end that stands in a Bakong token."""
        return token_expires_at(token)

    def renew_token(self) -> Token:
        """Return a fresh key for the account's e-mail address; see the protocol."""
        email = self._account.token_email.strip()
        if not email:
            raise GatewayRejected("no e-mail address is registered for the key", gateway=self.name)
        token = self._asker.ask_data("renew_token", {"email": email}).get("token")
        expires_at = token_expires_at(token) if isinstance(token, str) else None
        if not isinstance(token, str) or expires_at is None:
            raise GatewayGarbled("the new key cannot be read", gateway=self.name)
        return Token(value=token.strip(), expires_at=expires_at)

    def _without_list(self, heard: Answer, lookups: Sequence[str]) -> dict[str, Answer]:
        if heard.trouble not in _OF_LISTS:
            return dict.fromkeys(lookups, heard)
        _takes_lists[self._account.base_url] = False
        return self._one_by_one(lookups)

    def _one_by_one(self, lookups: Sequence[str]) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for one in lookups:
            answers[one] = answer = self.check(one)
            if answer.trouble is not None and answer.trouble not in _OF_ONE_ANSWER:
                return dict.fromkeys(lookups, answer) | answers
        return answers


def forget_hosts() -> None:
    """Forget what was learnt about hosts, as a fresh start does."""
    _takes_lists.clear()
