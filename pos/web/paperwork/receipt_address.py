"""Where a payer's phone finds the receipt of a sale."""

import logging

from flask import url_for
from sqlalchemy.exc import SQLAlchemyError

from pos.errors import Refused
from pos.extensions import settings
from pos.services.paperwork import receipt_links
from pos.services.paperwork.receipt_links import Link

log = logging.getLogger(__name__)


def address_of(link: Link) -> str:
    """Return the whole address that a link's QR holds."""
    return settings().public_url + url_for("ereceipts.receipt", token=link.token)


def receipt_address(sale_id: int) -> str:
    """Return the address of a sale's receipt, for a display; "" where none can be given now.

    A customer's screen never fails for want of a receipt.
    """
    try:
        return address_of(receipt_links.give(sale_id))
    except Refused:
        return ""
    except SQLAlchemyError as problem:
        log.warning("no link to a receipt: %s", type(problem).__name__)
        return ""
