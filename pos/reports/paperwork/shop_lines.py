"""What a store has printed on its receipts beside its name: where it is, its tax lines, a word."""

from dataclasses import dataclass

from pos.models import Store
from pos.words import _


@dataclass(frozen=True, kw_only=True)
class ShopLines:
    """What the store has printed on its receipts beside its name; "" is not printed."""

    address: str = ""
    phone: str = ""
    hours: str = ""
    """Such as "07:00-22:00"."""
    tax_name: str = ""
    tax_number: str = ""
    text: tuple[str, ...] = ()


def of_store(store: Store) -> ShopLines:
    """Return what a store has printed on the receipts it writes now."""
    hours = [store.opening_minute, store.closing_minute]
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in hours if minute is not None]
    return ShopLines(
        address=store.receipt_address,
        phone=store.receipt_phone,
        hours="-".join(times) if len(times) == len(hours) else "",
        tax_name=store.tax_name,
        tax_number=store.tax_number,
        text=tuple(store.receipt_text.splitlines()),
    )


def on_paper(shop: ShopLines) -> tuple[str, ...]:
    """Return the lines under the name of the shop, on paper."""
    told = (
        shop.address,
        shop.phone and _("Tel. %(phone)s", phone=shop.phone),
        shop.hours and _("Open %(hours)s", hours=shop.hours),
        shop.tax_name,
        shop.tax_number and _("VAT TIN %(number)s", number=shop.tax_number),
    )
    return tuple(line for line in told if line)
