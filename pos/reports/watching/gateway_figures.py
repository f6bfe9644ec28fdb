"""What gateways answered in the last while, how quickly, and how long they will go on."""

from sqlalchemy import and_, func, select

from pos import clock
from pos.extensions import db
from pos.models import (
    GatewayAccount,
    GatewayCallback,
    GatewayCircuit,
    GatewayDay,
    GatewayQuestion,
    Payment,
)
from pos.reports.watching.figure import MOST_ROWS, Figure, Values, counted, quantiles, window
from pos.reports.watching.readiness import IN_USE

_ACCOUNT = ("gateway", "account")
_DAY_SECONDS = 86_400

_NEWEST = select(func.max(GatewayQuestion.id)).scalar_subquery() - MOST_ROWS
_ANSWERS = (
    select(
        GatewayAccount.gateway,
        GatewayQuestion.outcome,
        GatewayQuestion.trouble,
        GatewayQuestion.took_ms,
    )
    .join(Payment, Payment.id == GatewayQuestion.payment_id)
    .join(GatewayAccount, GatewayAccount.id == Payment.account_id)
    .where(GatewayQuestion.id > _NEWEST)
)
_CALLBACKS = (
    select(
        GatewayCallback.gateway,
        GatewayCallback.verdict,
        GatewayCallback.received_at,
        GatewayCallback.handled_at,
    )
    .order_by(GatewayCallback.received_at.desc())
    .limit(MOST_ROWS)
)
_ACCOUNTS = (
    select(
        GatewayAccount.id,
        GatewayAccount.gateway,
        GatewayAccount.daily_quota,
        GatewayAccount.token_expires_at,
        GatewayDay.asked,
        GatewayCircuit.failures,
        GatewayCircuit.paused_until,
    )
    .outerjoin(GatewayCircuit, GatewayCircuit.account_id == GatewayAccount.id)
    .where(IN_USE)
)


def figures() -> tuple[Figure, ...]:
    """Return the figures of the gateways: three queries, each over the newest rows alone."""
    return (*_answers(), *_callbacks(), *_accounts())


def _answers() -> tuple[Figure, ...]:
    rows = db.session.execute(_ANSWERS.where(GatewayQuestion.asked_at >= window())).all()
    return (
        counted(
            "gateway_answers",
            "Answers to questions about payments in the window; `trouble` says why there was none.",
            ("gateway", "outcome", "trouble"),
            (row[:3] for row in rows),
        ),
        quantiles(
            "gateway_answer_seconds",
            "How long gateways took to answer, in the window.",
            "gateway",
            ((gateway, took) for gateway, _outcome, _trouble, took in rows),
        ),
    )


def _callbacks() -> tuple[Figure, ...]:
    query = _CALLBACKS.where(GatewayCallback.received_at >= window())
    rows = db.session.execute(query).all()
    took = [
        (gateway, round((handled - received).total_seconds() * 1000))
        for gateway, _verdict, received, handled in rows
        if handled is not None
    ]
    return (
        counted(
            "callbacks",
            "What gateways posted in the window, by what became of it.",
            ("gateway", "verdict"),
            (row[:2] for row in rows),
        ),
        quantiles(
            "callback_seconds",
            "From a callback to the gateway's answer about it, in the window.",
            "gateway",
            took,
        ),
    )


def _accounts() -> tuple[Figure, ...]:
    now = clock.now()
    today = and_(
        GatewayDay.account_id == GatewayAccount.id, GatewayDay.on == clock.business_date(now)
    )
    rows = db.session.execute(_ACCOUNTS.outerjoin(GatewayDay, today)).all()
    key: dict[int, tuple[str, ...]] = {row.id: (row.gateway, str(row.id)) for row in rows}
    left: Values = {
        key[it.id]: max(0, it.daily_quota - (it.asked or 0)) for it in rows if it.daily_quota
    }
    days: Values = {
        key[it.id]: (it.token_expires_at - now).total_seconds() / _DAY_SECONDS
        for it in rows
        if it.token_expires_at is not None
    }
    paused: Values = {
        key[it.id]: float(bool(it.paused_until and it.paused_until > now)) for it in rows
    }
    failing: Values = {key[it.id]: it.failures or 0 for it in rows}
    return (
        Figure("gateway_paused", "1 while a gateway is let alone.", _ACCOUNT, paused),
        Figure("gateway_failures", "Questions in a row without an answer.", _ACCOUNT, failing),
        Figure("gateway_questions_left", "Questions left of today's.", _ACCOUNT, left),
        Figure("gateway_token_days", "Days until a key ends; below 0 it has.", _ACCOUNT, days),
    )
