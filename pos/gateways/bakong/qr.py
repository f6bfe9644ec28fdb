"""The QR of one payment: written here, and read back before anybody sees it."""

import unicodedata

from pos.clock import epoch_ms
from pos.errors import GatewayRejected
from pos.gateways.base import Account, QrIssued, QrRequest
from pos.khqr import (
    AccountKind,
    Payload,
    amount_text,
    decode,
    encode,
    md5_of,
    numeric_code,
    units,
    verify,
)

MAX_SECONDS = 600
"""Source: NBC, Bakong QR Pay Integration v1.0.3 (6 Aug 2021): ten minutes at most."""

_LONGEST_LABEL = 25
"""Of each label in tag 62. Three of them with their tags are 87 of the 99 characters it holds."""

_JOINERS = {"\u17d2", "\u200d"}
"""Khmer coeng and the zero-width joiner tie what follows to what stands before."""


def issue(request: QrRequest, account: Account) -> QrIssued:
    """Return the QR of a request; its MD5 is what a check asks by.

    A merchant's QR (tag 30) where the account has a merchant id, else an individual's (29).
    The bill number is the tran_id, whole; the store's and till's labels are cut to fit.
    KhqrError where a field cannot be written; GatewayRejected for a life over ten minutes,
    or should the QR not read back as it was meant.
    """
    if (request.expires_at - request.made_at).total_seconds() > MAX_SECONDS:
        raise GatewayRejected("a QR may live for ten minutes at most", gateway=account.gateway)
    qr_string = encode(_payload(request, account), now=request.made_at)
    wrong = differences(qr_string, request, account)
    if wrong:
        text = f"the QR does not read back: {', '.join(wrong)}"
        raise GatewayRejected(text, gateway=account.gateway)
    return QrIssued(qr_string=qr_string, lookup=md5_of(qr_string), receiver=account.account_id)


def differences(qr_string: str, request: QrRequest, account: Account) -> list[str]:
    """Return the names of what a QR says otherwise than the request; empty when it is true.

    KhqrError for a text that is no QR, or may not be paid at the time it was made.
    """
    verify(qr_string, now=request.made_at)
    says = decode(qr_string)
    pairs = {
        "amount": (says.amount, request.amount),
        "account": (says.bakong_account_id, account.account_id),
        "merchant id": (says.merchant_id, account.merchant_id or None),
        "bill number": (says.bill_number, request.tran_id),
        "merchant name": (says.merchant_name, request.merchant_name),
        "made at": (says.created_at and epoch_ms(says.created_at), epoch_ms(request.made_at)),
        "expiry": (says.expires_at and epoch_ms(says.expires_at), epoch_ms(request.expires_at)),
    }
    return [name for name, (said, meant) in pairs.items() if said != meant]


def label(text: str) -> str:
    """Return the text cut to a label's 25 characters, never inside one that the reader sees."""
    kept = text.strip()
    cut = kept
    while units(cut) > _LONGEST_LABEL:
        cut = cut[:-1]
    while cut and _belongs(kept[len(cut) : len(cut) + 1], cut[-1]):
        cut = cut[:-1]
    return cut.strip()


def _belongs(following: str, last: str) -> bool:
    if not following:
        return False
    return unicodedata.category(following)[0] == "M" or bool({following, last} & _JOINERS)


def _payload(request: QrRequest, account: Account) -> Payload:
    return Payload(
        kind=AccountKind.MERCHANT if account.merchant_id else AccountKind.INDIVIDUAL,
        account_id=account.account_id,
        merchant_id=account.merchant_id,
        acquiring_bank=account.acquiring_bank,
        merchant_name=request.merchant_name,
        merchant_city=request.merchant_city,
        currency=numeric_code(request.amount.currency),
        amount=amount_text(request.amount),
        bill_number=request.tran_id,
        store_label=label(request.store_label),
        terminal_label=label(request.till_label),
        expires_at_ms=epoch_ms(request.expires_at),
    )
