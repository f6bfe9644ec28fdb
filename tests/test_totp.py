from datetime import UTC, datetime, timedelta

import pytest

from pos import totp

KEY = b"12345678901234567890"
"""The seed of RFC 6238, appendix B, for SHA-1."""

VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
"""Source: RFC 6238, appendix B."""

HOTP = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()
"""Source: RFC 4226, appendix D."""

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
NOW = totp.step_of(NOON)


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_a_code_is_the_one_of_rfc_6238(seconds, code):
    instant = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_at(KEY, totp.step_of(instant), digits=8) == code
    assert totp.code_at(KEY, totp.step_of(instant)) == code[-6:]


def test_the_first_ten_are_those_of_rfc_4226():
    assert [totp.code_at(KEY, step) for step in range(10)] == HOTP


@pytest.mark.parametrize(
    ("off", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_phone_may_be_one_step_off(off, is_taken):
    code = totp.code_at(KEY, NOW + off)
    assert totp.matching_step(KEY, code, NOON, after=0) == (NOW + off if is_taken else None)


def test_a_step_that_was_used_is_not_taken_again():
    code = totp.code_at(KEY, NOW)
    assert totp.matching_step(KEY, code, NOON, after=NOW) is None
    assert totp.matching_step(KEY, code, NOON + timedelta(seconds=30), after=NOW) is None


@pytest.mark.parametrize("typed", ["", "12345", "១២៣៤៥៦", "\0" * 6, "9" * 500])
def test_what_is_no_code_is_not_taken(typed):
    assert totp.matching_step(KEY, typed, NOON, after=0) is None


def test_an_app_reads_key_and_name_from_the_address():
    assert totp.address(KEY, "KHQR POS", "maly") == (
        "otpauth://totp/KHQR%20POS%3Amaly?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=KHQR%20POS"
    )
