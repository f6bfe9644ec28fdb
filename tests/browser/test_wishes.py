from playwright.sync_api import expect

BLINK_SECONDS = 0.05
SLOW = """() => {
  const longest = (text) => Math.max(...text.split(',').map(parseFloat));
  const times = (style) => [longest(style.transitionDuration),
    longest(style.animationDuration) * (parseFloat(style.animationIterationCount) || 1e9)];
  return [...document.querySelectorAll('*')].flatMap((e) => [null, '::before', '::after']
    .map((part) => [e.className, part, Math.max(...times(getComputedStyle(e, part)))])
    .filter((one) => one[2] > %s));
}"""


def moving(page):
    """What on a page moves for longer than a blink, by style or by script."""
    return page.evaluate(SLOW % BLINK_SECONDS) + page.evaluate(
        "document.getAnimations().filter((a) => a.playState === 'running').map((a) => a.id)"
    )


def test_nothing_moves_for_who_asked_for_less_motion(till, display, phone):
    till.charge("3", "5", "0")
    display.sees("waiting")
    till.sees("waiting")
    assert moving(till.page) != []
    for page in (till.page, display.page):
        page.emulate_media(reduced_motion="reduce")
        page.wait_for_function("document.getAnimations().length === 0")
        assert moving(page) == []
    phone.pay(display.scan())
    for screen in (till, display):
        screen.sees("paid")
        assert moving(screen.page) == []


def test_with_the_colours_of_the_system_the_qr_still_scans_and_the_focus_is_seen(till, display):
    till.charge("3", "5", "0")
    for page in (till.page, display.page):
        page.emulate_media(forced_colors="active", contrast="more", color_scheme="dark")
    assert display.scan().startswith("000201")
    till.page.keyboard.press("Tab")
    assert till.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    expect(till.page.locator("#cancel")).to_be_visible()
