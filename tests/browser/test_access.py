import pytest

from tests.browser.frozen import LOGIN_COOKIE, served
from tests.browser.walking import broken_rules, lost_by_size, rooms
from tests.web import world as worlds

TILL, PHONE = (1280, 800), (390, 844)
ZOOMED_TWICE, ZOOMED_FOUR_TIMES = (640, 400), (320, 256)
"""What is left of 1280 by 800, and of 1280 by 1024, when a person zooms: in CSS pixels."""


@pytest.fixture
def world(app, shop, bank):
    world = worlds.build(app, shop, bank)
    world.knock(world.browsers["cashier"], ("receipts.issue", "POST"))
    return world


@pytest.fixture
def walk(world, visitors):
    """Opens each page in turn in one language: `for room, page in walk("en")`."""

    def each(language):
        with served(world.app) as url:
            pages = {who: visitors.page() for who in ("cashier", "manager")}
            for who, page in pages.items():
                page.add_init_script("window.print = () => {}")  # a sheet that is printed leaves
                login = world.browsers[who].get_cookie(LOGIN_COOKIE).value
                chosen = {LOGIN_COOKIE: login, "pos_language": language}
                page.context.add_cookies(
                    [{"name": name, "value": value, "url": url} for name, value in chosen.items()]
                )
            for room in rooms(world):
                pages[room.who].goto(f"{url}{room.address}")
                yield room, pages[room.who]

    return each


@pytest.mark.parametrize("language", ["en", "km"])
def test_axe_finds_nothing_and_zoom_takes_nothing_away_on_any_page(walk, language):
    found = []
    for room, page in walk(language):
        for size in (ZOOMED_FOUR_TIMES, ZOOMED_TWICE):
            found += [(room.name, size, what) for what in lost_by_size(page, *size)]
        for width, height in (PHONE, TILL):
            page.set_viewport_size({"width": width, "height": height})
            found += [(room.name, width, what) for what in broken_rules(page)]
    assert found == []


def test_a_page_that_shuts_people_out_is_found_out(visitors):
    page = visitors.page()
    page.set_content('<main><h1>Shut</h1><img src="data:,"><p class="far">Far away</p></main>')
    page.evaluate("document.querySelector('.far').style.paddingLeft = '1000px'")
    assert [what.split(":")[0] for what in broken_rules(page)] == [
        "document-title",
        "html-has-lang",
        "image-alt",
    ]
    assert lost_by_size(page, *ZOOMED_TWICE)[1:] == ["P.far Far away"]
