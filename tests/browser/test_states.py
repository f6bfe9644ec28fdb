import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.frozen import (
    DISPLAY_SHOWS,
    STATES,
    FrozenShop,
    codes_in,
    far_and_blurred,
    open_counter,
    picture_of,
    served,
)
from tests.browser.looking import cut_off, look
from tests.web.conftest import Counter

TABLET = [(1280, 800), (800, 1280)]
TILLS = [*TABLET, (390, 844)]

MM_PER_PX = 0.17
"""Of a 10-inch tablet with 1280 by 800 pixels."""

CLOSED = ("paused", "closed")
WITH_QR = ("waiting", "failed", "unknown", "last_minute")
WORD = {"paid": ".paid-word .words > *", "cash": ".paid-word .words > *"} | {
    "failed": ".khqr-word .words > *"
}


@pytest.fixture
def counter(app, shop, bank, clock, cashier, visitors):
    till = Counter(app, shop, bank, clock, cashier)
    screen = open_counter(app, till)
    with served(app) as url:
        yield FrozenShop(till, screen, visitors, url)


def resize(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_said_on_both_sides_of_the_counter(counter, state):
    counter.play(state)
    look_at_the_display(counter, state)
    if state in CLOSED:
        look_at_the_closed_till(counter)
    elif state != "creating":  # a till that is looked at goes on making its QR
        look_at_the_till(counter, state)


def look_at_the_display(counter, state):
    page = counter.display(*TABLET[0])
    phase = DISPLAY_SHOWS.get(state, state)
    expect(page.locator("#screen")).to_have_attribute("data-phase", phase)
    counter.keep(page, f"display-{state}")
    for size in TABLET:
        resize(page, size)
        assert cut_off(page, "#screen") == [], size
        if state in WITH_QR:
            assert_scans(page, counter.till.payment().qr_string)
        else:
            expect(page.locator("svg.qr")).to_have_count(0)
        if phase not in ("idle", "waiting"):
            assert_read_from_two_metres(page, phase)


def assert_scans(page, qr):
    """The QR is 12 cm wide on a tablet, and read even from a small and soft picture."""
    (code,), (amount,) = look(page, "svg.qr", ".khqr-amount > *").values()
    assert code.width * MM_PER_PX >= 120
    assert (amount.px >= 81, amount.contrast >= 7) == (True, True)
    picture = picture_of(page)
    assert codes_in(picture) == codes_in(far_and_blurred(picture)) == [qr]


def assert_read_from_two_metres(page, phase):
    """Each word is 108 px and more, in both languages, with a picture beside it."""
    wanted = WORD.get(phase, ".message-words .words > *"), "#screen .icon", ".paid-amount > *"
    words, signs, amounts = look(page, *wanted).values()
    assert (len(words), len(signs) >= 1) == (2, True)
    assert min(one.px for one in [*words, *amounts]) >= 108
    assert min(one.contrast for one in [*words, *amounts]) >= 7


@pytest.mark.parametrize("amount", ["1234.56 USD", "15000 KHR", "15000000 KHR"])
def test_a_long_amount_takes_nothing_from_the_qr(counter, amount):
    counter.till.charge(*amount.split())
    page = counter.display(*TABLET[0])
    for size in TABLET:
        resize(page, size)
        assert cut_off(page, "#screen") == [], size
        assert_scans(page, counter.till.payment().qr_string)


def look_at_the_till(counter, state):
    page = counter.till_page(*TILLS[0])
    phase = "waiting" if state in ("unknown", "last_minute") else state
    counter.keep(page, f"till-{state}")
    for language in ("en", "km"):
        counter.speak(page, language)
        expect(page.locator("#payment")).to_have_attribute("data-phase", phase)
        for size in TILLS:
            resize(page, size)
            assert cut_off(page, "main", upright=False) == [], (language, size)
            words, signs = look(page, ".payment-status span", ".payment-status .icon").values()
            assert [word.px >= 32 and word.contrast >= 4.5 for word in words] == [True]
            assert len(signs) == 1 and words[0].text
    if state in WITH_QR:
        scan_at_the_till(page, counter.till.payment().qr_string)


def scan_at_the_till(page, qr):
    page.locator("#payment-qr-summary").click()
    for size in TILLS:
        resize(page, size)
        picture = Image.open(io.BytesIO(page.locator(".payment-qr-picture").screenshot()))
        assert codes_in(picture) == [qr], size


def look_at_the_closed_till(counter):
    page = counter.till_page(*TILLS[0])
    expect(page.locator("#charge")).to_have_count(0)
    for size in TILLS:
        resize(page, size)
        assert cut_off(page, "main", upright=False) == [], size


def test_a_screen_that_lost_its_server_says_so_large_and_hides_its_qr(counter):
    counter.play("waiting")
    page = counter.display(*TABLET[0])
    expect(page.locator("svg.qr")).to_be_visible()
    page.route("**/display/screen*", lambda route: route.abort())
    page.clock.install()
    page.clock.fast_forward(11_000)
    expect(page.locator("svg.qr")).to_be_hidden()
    for size in TABLET:
        resize(page, size)
        assert codes_in(picture_of(page)) == [] == cut_off(page, "#lost")
        (words,) = look(page, "#lost .message-words .words > *").values()
        assert [one.px >= 108 and one.contrast >= 7 for one in words] == [True, True]
