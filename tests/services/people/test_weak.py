import pytest

from pos.services.people import weak

KNOWN = [
    "password1234", "Password2026!", "passwordpassword", "P@ssw0rd12345", "qwertyuiop123",
    "1q2w3e4r5t6y", "1qaz2wsx3edc", "123456789012", "0987654321!!", "abcdefghijkl",
    "adminadminadmin", "iloveyou1234", "Cambodia2026", "phnompenh1234", "zxcvbnm,asdf",
    "welcome12345", "changeme1234", "khqr-pos-2026", "aaaabbbbcccc",
]  # fmt: skip
GOOD = [
    "mango-river-1234", "papaya-temple-99", "another-password-7", "ស្វាយទុំផ្អែមណាស់", "Zt8#pQ1!mKx2",
    "correct horse battery staple", "tuk tuk at the old market",
]  # fmt: skip


@pytest.mark.parametrize("password", KNOWN)
def test_what_everybody_tries_is_weak(password):
    assert weak.is_weak(password)


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_tries_first_is_not(password):
    assert not weak.is_weak(password)
