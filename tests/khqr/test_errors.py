import pickle

import pytest

from pos.errors import PosError
from pos.khqr import KhqrError, by_code, errors


@pytest.mark.parametrize("code", range(1, 52))
def test_every_official_code_has_one_class_found_by_its_name(code: int) -> None:
    found = by_code(code)
    assert found.code == code
    assert found.message
    assert getattr(errors, found.__name__) is found


def test_no_name_of_the_table_is_bound_to_another_class() -> None:
    named = [(name, kind) for name, kind in vars(errors).items() if isinstance(kind, type)]
    assert all(kind.__name__ == name for name, kind in named)
    numbered = [kind for _, kind in named if issubclass(kind, KhqrError) and kind.code]
    assert len(numbered) == 51


def test_an_unknown_code_has_no_class() -> None:
    with pytest.raises(KeyError):
        by_code(52)


def test_an_error_says_the_official_message_and_then_the_place() -> None:
    assert str(errors.AmountInvalid()) == "Amount is invalid"
    assert str(errors.DuplicateTag("29")) == "KHQR tag appears twice: 29"


def test_an_error_keeps_its_place_across_processes() -> None:
    copy = pickle.loads(pickle.dumps(errors.TruncatedTlv("tag 59")))
    assert (type(copy), str(copy)) == (
        errors.TruncatedTlv,
        "KHQR value is shorter than its length: tag 59",
    )
    assert isinstance(pickle.loads(pickle.dumps(errors.AmountInvalid())), errors.AmountInvalid)


def test_each_error_is_one_of_a_kind_a_caller_can_catch() -> None:
    kinds = (
        errors.Missing,
        errors.WrongLength,
        errors.Invalid,
        errors.Malformed,
        errors.Unavailable,
    )
    assert all(issubclass(by_code(code), kinds) for code in range(1, 52))
    assert issubclass(KhqrError, PosError)
