"""Payloads of every shape for the property tests, and the settings these run under."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from pos.khqr import AccountKind, Payload, amount_text, numeric_code, units
from pos.money import Currency, Money

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
NOW_MS = 1_795_327_200_000

PROPERTY = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

ASCII = "".join(map(chr, range(0x20, 0x7F)))
KHMER = "".join(map(chr, range(0x1780, 0x17DE)))
SHOWABLE = ASCII + KHMER + "éàüñ文山金边咖啡ไทย\u200b😀🍜🇰🇭"
TIGHT = SHOWABLE.replace("@", "").replace(" ", "")


def texts(longest: int, alphabet: str = SHOWABLE) -> st.SearchStrategy[str]:
    """Draw text that is not blank and at most so many UTF-16 units long."""
    drawn = st.text(alphabet, min_size=1, max_size=longest)
    return drawn.filter(lambda text: units(text) <= longest and not text.isspace())


def optional(longest: int) -> st.SearchStrategy[str | None]:
    """Draw such text, or nothing."""
    return st.none() | texts(longest)


@st.composite
def money(draw: st.DrawFn) -> Money:
    """Draw an amount that fits tag 54."""
    currency = draw(st.sampled_from(Currency))
    most = 999_999_999_999 if currency is Currency.USD else 9_999_999_999_999
    return Money(draw(st.integers(1, most)), currency)


@st.composite
def payloads(draw: st.DrawFn) -> Payload:
    """Draw a payload that can be written; templates fit by the limits chosen here."""
    asked = draw(money())
    is_dynamic = draw(st.booleans())
    kind = draw(st.sampled_from(AccountKind))
    is_merchant = kind is AccountKind.MERCHANT
    language = draw(st.none() | st.sampled_from(["km", "KM", "zh"]))
    return Payload(
        kind=kind,
        account_id=f"{draw(texts(14, TIGHT))}@{draw(texts(14, TIGHT))}",
        merchant_name=draw(texts(25)),
        merchant_city=draw(optional(15)),
        merchant_id=draw(texts(28)) if is_merchant else None,
        acquiring_bank=draw(texts(29) if is_merchant else optional(29)),
        account_information=None if is_merchant else draw(optional(28)),
        currency=numeric_code(asked.currency),
        amount=amount_text(asked) if is_dynamic else None,
        category_code=draw(st.none() | st.from_regex(r"[0-9]{4}", fullmatch=True)),
        bill_number=draw(optional(15)),
        mobile_number=draw(optional(15)),
        store_label=draw(optional(15)),
        terminal_label=draw(optional(15)),
        purpose=draw(optional(15)),
        language=language,
        name_in_language=draw(texts(25)) if language else None,
        city_in_language=draw(optional(15)) if language else None,
        unionpay_account=draw(optional(31)) if asked.currency is Currency.KHR else None,
        expires_at_ms=NOW_MS + draw(st.integers(0, 30 * 86_400_000)) if is_dynamic else None,
    )
