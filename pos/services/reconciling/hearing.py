"""One sitting of a run of reconciling: groups of questions, each paid for, heard and written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.extensions import db
from pos.gateways.base import Answer, ChecksReferences, Gateway, Outcome, Trouble
from pos.models import Finding, GatewayAccount, GatewayTransaction, Payment, ReconcileRun
from pos.services.asking import budget, questions, quota, sending
from pos.services.asking.sending import Heard
from pos.services.banking import accounts
from pos.services.reconciling import comparing, standing
from pos.states import Remark

FEW = 10
"""How many go into the first list for a gateway that may not take lists; it costs one more."""

MOST = questions.MOST_TOGETHER

_OF_THE_GATEWAY = frozenset(Trouble) - {Trouble.GARBLED, Trouble.OTHER}
"""Trouble that the next question would meet, too."""

Deed = Callable[[Gateway], dict[str, Answer]]


@dataclass
class Pass:
    """What one sitting has asked; `troubles` is why accounts cannot be asked any more, by account.

    What got no usable answer is in `money_seen` or `qrs_seen`, and left for another night.
    """

    run_id: int
    who: str
    asked: int = 0
    troubles: dict[int, Trouble] = field(default_factory=dict)
    money_seen: set[int] = field(default_factory=set)
    qrs_seen: set[int] = field(default_factory=set)

    @property
    def trouble(self) -> str:
        """Why not all could be asked, "" where nothing is in the way."""
        return str(next(iter(self.troubles.values()), ""))

    def ask_more(self) -> bool:
        """Ask about the next few, money first; return whether there was anything left to ask.

        An account in trouble is passed over: another bank may answer.
        """
        without = frozenset(self.troubles)
        run = db.session.get_one(ReconcileRun, self.run_id)
        money = standing.money(run, frozenset(self.money_seen), MOST, without)
        if money:
            self._ask_money([one for one in money if _account(one) == _account(money[0])])
            return True
        qrs = standing.qrs(run, frozenset(self.qrs_seen), MOST, without)
        fresh = [one for one in qrs if one.answered_at and one.answered_at > run.counts_from]
        if fresh:
            self._take_as_asked(fresh)
        elif qrs:
            self._ask_qrs([one for one in qrs if one.account_id == qrs[0].account_id])
        return bool(qrs)

    def _ask_money(self, rows: Sequence[GatewayTransaction]) -> None:
        account = rows[0].payment.account
        gateway = accounts.open_account(account)
        if isinstance(gateway, ChecksReferences):
            heard = self._send(account, 1, _by_reference([row.reference for row in rows]))
            key_of = {row.id: row.reference for row in rows}
        else:
            rows = rows[: _size(gateway)]
            key_of = {row.id: row.payment.lookup or "" for row in rows}
            heard = self._send_lookups(account, gateway, list(dict.fromkeys(key_of.values())))
        answers = heard.answers if heard else {}
        for row in [one for one in rows if key_of[one.id] in answers]:
            self.money_seen.add(row.id)
            found = comparing.of_money(row, answers[key_of[row.id]])
            if found is not None:
                self._write(row.payment_id, row.id, *found)

    def _take_as_asked(self, rows: Sequence[Payment]) -> None:
        """Count the evening's look as this question: it was asked of the same QR, as late."""
        for row in rows:
            self.qrs_seen.add(row.id)
            self._write(row.id, None, *_of_unpaid(row))

    def _ask_qrs(self, rows: Sequence[Payment]) -> None:
        account = rows[0].account
        gateway = accounts.open_account(account)
        rows = rows[: _size(gateway)]
        id_of = {row.lookup or "": row.id for row in rows}
        heard = self._send_lookups(account, gateway, list(id_of))
        if heard is not None:
            for lookup, answer in heard.answers.items():
                self._hear_qr(id_of[lookup], answer, heard)

    def _hear_qr(self, payment_id: int, answer: Answer, heard: Heard) -> None:
        """Let the answer go the way of every answer, then write down what came of it."""
        self.qrs_seen.add(payment_id)
        questions.record(payment_id, answer, heard, self.who)
        row = db.session.get_one(Payment, payment_id, populate_existing=True)
        if answer.outcome is Outcome.UNKNOWN or row.trouble:
            return
        if answer.facts is None:
            self._write(payment_id, None, *_of_unpaid(row))
        else:
            said = comparing.described(answer.facts)
            self._write(payment_id, None, Finding.MONEY_FOUND, said)

    def _send_lookups(
        self, account: GatewayAccount, gateway: Gateway, lookups: list[str]
    ) -> Heard | None:
        """Ask about them together, or about the first alone where the day has no more for all."""
        before = gateway.requests_for(len(lookups))
        heard = self._send(account, before, lambda one: one.check_many(lookups))
        if heard is None and len(lookups) > 1:
            return self._send(account, 1, lambda one: one.check_many(lookups[:1]))
        after = gateway.requests_for(len(lookups))
        if heard is not None and after < min(before, len(lookups)):
            budget.give_back(account, before - after)
            self.asked -= before - after
        return heard

    def _send(self, account: GatewayAccount, count: int, deed: Deed) -> Heard | None:
        """Pay for a question and send it; None, with the trouble kept, where it may not be."""
        account_id, purpose = account.id, quota.purpose_of_reconciling(clock.now())
        refusal = budget.spend(account, count, purpose)
        if refusal is not None:
            self.troubles[account_id] = refusal.trouble
            return None
        self.troubles.pop(account_id, None)
        heard = sending.send(account, count, deed)
        self.asked += count
        troubles = [one.trouble for one in heard.answers.values()]
        if troubles[0] is not None and all(one in _OF_THE_GATEWAY for one in troubles):
            self.troubles[account_id] = troubles[0]
        return heard

    def _write(self, payment_id: int, money_id: int | None, finding: Finding, said: str) -> None:
        try:
            comparing.write(self.run_id, payment_id, money_id, finding, said, who=self.who)
        except IntegrityError:
            # Another process was as quick; it heard the same.
            return


def _account(money: GatewayTransaction) -> int:
    return money.payment.account_id


def _by_reference(references: list[str]) -> Deed:
    def deed(gateway: Gateway) -> dict[str, Answer]:
        assert isinstance(gateway, ChecksReferences)
        return gateway.check_references(references)

    return deed


def _size(gateway: Gateway) -> int:
    """Return how many QRs to ask about together: fifty, a few to find out, or one."""
    if gateway.requests_for(questions.MOST_TOGETHER) == 1:
        return questions.MOST_TOGETHER
    return FEW if gateway.requests_for(FEW) != FEW else 1


def _of_unpaid(row: Payment) -> tuple[Finding, str]:
    if row.remark is Remark.MARK_DENIED:
        return Finding.NOT_CONFIRMED, "marked as paid by hand; the bank has no payment"
    return Finding.AGREES, ""
