"""What a callback says: the five fields of the guides, all of the newest, or the older guide's."""

import secrets
from typing import Any

from pos import clock
from pos.money import Money
from pos.sandbox.ledger import Transfer
from pos.sandbox.payway.bills import Bill
from pos.sandbox.payway.standing import in_currency_of_bill

Body = dict[str, Any]


def number(money: Money) -> int | float:
    """Return an amount as PayWay writes it in JSON: 4000, 1.5."""
    value = money.decimal
    return int(value) if value == int(value) else float(value)


def local_time(milliseconds: int) -> str:
    """Return an instant as PayWay writes it: Phnom Penh's clock, no zone."""
    return f"{clock.shop_time(clock.from_epoch_ms(milliseconds)):%Y-%m-%d %H:%M:%S}"


def approval_code(transfer: Transfer | None) -> str:
    """Return the six digits of `apv`; nothing where nobody paid."""
    return f"{int(transfer.hash[:12], 16) % 10**6:06d}" if transfer else ""


def short_body(bill: Bill | None, transfer: Transfer | None) -> Body:
    """Return the five fields. An unpaid bill is told as paid: whoever believes it is wrong."""
    return {
        "tran_id": bill.tran_id if bill else "",
        "apv": approval_code(transfer),
        "status": "0",
        "return_params": bill.return_params if bill else "",
        "merchant_ref": "",
    }


def payer_fields(bill: Bill, transfer: Transfer | None) -> Body:
    """Return who paid and how, as details, list rows and full callbacks tell it."""
    return {
        "first_name": bill.first_name,
        "last_name": bill.last_name,
        "email": bill.email,
        "phone": bill.phone,
        "bank_ref": transfer.external_ref if transfer else "",
        "payment_type": "KHQR" if transfer else "",
        "payer_account": f"*{transfer.from_account.partition('@')[0][-3:]}" if transfer else "",
        "bank_name": "Practice Bank" if transfer else "",
        "card_source": "",
    }


def full_body(bill: Bill, transfer: Transfer | None) -> Body:
    """Return some twenty fields, amounts as numbers."""
    paid = transfer.money if transfer else bill.money
    original = in_currency_of_bill(paid, bill)
    return {
        **short_body(bill, transfer),
        "original_amount": number(original),
        "original_currency": original.currency.value,
        "payment_amount": number(paid),
        "payment_currency": paid.currency.value,
        "total_amount": number(original),
        "discount_amount": 0,
        "transaction_date": local_time(transfer.created_ms if transfer else bill.made_ms),
        **payer_fields(bill, transfer),
    }


def seed_body(bill: Bill | None) -> Body:
    """Return the fields of the older guide, whose `hash` nobody explains."""
    return {
        "webhook_id": f"webhook_{secrets.randbelow(10**6):06d}",
        "tran_id": bill.tran_id if bill else "",
        "status": "success",
        "amount": f"{bill.money.decimal:.2f}" if bill else "",
        "payment_option": bill.payment_option if bill else "",
        "hash": "verification_hash",
        "req_time": str(int(clock.now().timestamp())),
    }
