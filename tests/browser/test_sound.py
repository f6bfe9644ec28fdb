from playwright.sync_api import expect

from tests.browser.screens import TillPage

LISTEN = """
window.heard = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  if (this.context instanceof AudioContext) { window.heard.push(this.frequency.value); }
  start.call(this, at);
};
"""
SUCCESS, ATTENTION, TEST = [659, 988], [880, 880, 880], [659]

MEASURE = """async (kind) => {
  const rate = 22050, context = new OfflineAudioContext(1, rate, rate);
  Pos.sound.schedule(context, kind, 1);
  const wave = (await context.startRendering()).getChannelData(0);
  const loud = [...wave.keys()].filter((at) => Math.abs(wave[at]) > 0.02);
  return { ends: loud.at(-1) / rate, peak: Math.max(...loud.map((at) => Math.abs(wave[at]))),
    wave: JSON.stringify([...wave].filter((_, at) => at % 50 === 0).map((v) => v.toFixed(2))) };
}"""


def listen(page):
    """Hear from now on which notes a page starts."""
    page.add_init_script(LISTEN)


def heard(page):
    return [round(hertz) for hertz in page.evaluate("window.heard")]


def pay(till, display, phone):
    till.charge("3", "5", "0")
    phone.pay(display.scan())
    till.sees("paid")


def test_the_three_sounds_are_short_loud_and_unlike_each_other(till):
    kinds = {
        kind: till.page.evaluate(MEASURE, kind) for kind in ("success", "problem", "attention")
    }
    assert kinds["success"]["ends"] <= 0.6
    assert 0.35 <= kinds["problem"]["ends"] <= 0.4
    assert all(0.3 <= kind["peak"] <= 1 for kind in kinds.values())
    assert len({kind["wave"] for kind in kinds.values()}) == 3


def test_opening_a_shift_wakes_the_till_with_a_test_tone(live, visitors):
    till = TillPage(visitors.page(), live.url)
    listen(till.page)
    till.log_in(live.shop.cashier)
    till.open_shift()
    expect(till.page.locator("html")).to_have_attribute("data-sound", "on")
    expect(till.page.locator("#sound-off")).to_be_hidden()
    assert heard(till.page) == TEST


def test_a_payment_sounds_at_the_till_and_not_at_the_display(till, display, phone):
    listen(display.page)
    listen(till.page)
    display.page.reload()
    till.page.reload()
    pay(till, display, phone)
    display.sees("paid")
    assert (heard(till.page), heard(display.page)) == (SUCCESS, [])


def test_a_result_that_was_heard_is_not_heard_again_when_the_page_is_drawn_anew(
    live, till, display
):
    listen(till.page)
    till.page.reload()
    till.charge("3", "5", "0")
    live.bank.pay(display.scan(), amount="3.00")
    till.sees("mismatch")
    assert heard(till.page) == ATTENTION
    with till.page.expect_navigation():
        till.page.get_by_role("link", name="Till", exact=True).click()
    till.sees("mismatch")
    expect(till.page.locator("html")).to_have_attribute("data-sound", "on")
    assert heard(till.page) == []


def test_a_display_that_was_chosen_sounds_and_the_till_does_not(live, till, display, phone):
    listen(display.page)
    listen(till.page)
    till.page.goto(f"{live.url}/till/sound")
    till.page.get_by_role("radio", name="The customer's screen").check()
    till.press("Save")
    till.page.goto(f"{live.url}/till")
    display.page.reload()
    display.page.get_by_role("button", name="Start display").click()
    pay(till, display, phone)
    display.sees("paid")
    assert heard(display.page) == TEST + SUCCESS
    assert heard(till.page) == []


def test_volume_is_kept_on_the_device_and_at_none_nothing_sounds(live, till):
    listen(till.page)
    till.page.goto(f"{live.url}/till/sound")
    till.page.get_by_label("Volume").fill("0")
    till.press("Hear it: Paid")
    assert heard(till.page) == []
    till.page.reload()
    expect(till.page.get_by_label("Volume")).to_have_value("0")
    till.page.get_by_label("Volume").fill("40")
    till.press("Hear it: Attention")
    assert heard(till.page)[-3:] == ATTENTION


def test_a_till_that_nobody_touched_says_so_until_it_is(live, visitors, till):
    cookies = till.page.context.cookies()
    fresh = visitors.page()
    fresh.context.add_cookies(cookies)
    fresh.goto(f"{live.url}/till")
    off = fresh.get_by_role("button", name="The sound is off")
    expect(off).to_be_visible()
    off.click()
    expect(off).to_be_hidden()
