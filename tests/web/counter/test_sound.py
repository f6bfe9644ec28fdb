import pytest

from tests.web.pages import press, read

PAGE = "/till/sound"


def places(till):
    radios = read(till.browser.get(PAGE)).all("input", name="sound_at")
    return {radio.attrs["value"]: "checked" in radio.attrs for radio in radios}


def test_the_till_sounds_until_the_shop_chooses_the_display(till):
    assert places(till) == {"till": True, "display": False}
    assert press(till.browser, PAGE, "Save", sound_at="display").status_code == 303
    assert places(till) == {"till": False, "display": True}


def test_a_place_that_is_none_is_refused_in_words(till):
    answer = press(till.browser, PAGE, "Save", sound_at="street")
    assert answer.status_code == 422
    assert "Choose the till" in read(answer).alert
    assert places(till)["till"]


def test_the_panel_names_the_sound_of_a_result_and_none_while_waiting(waiting):
    assert waiting.panel().attrs["data-sounds"] == ""
    waiting.pay()
    waiting.work(after=3)
    panel = waiting.panel()
    assert panel.attrs["data-sounds"] == f"success:{waiting.payment().tran_id}"
    assert panel.attrs["data-speaks"] == "yes"


def test_the_way_to_the_sound_stands_on_the_till(till):
    page = read(till.browser.get("/till"))
    assert page.one(id="sound").attrs["href"] == PAGE
    assert "hidden" in page.one(id="sound-off").attrs


@pytest.mark.parametrize("language", ["en", "km"])
def test_each_sound_can_be_heard_on_its_page(till, language):
    till.browser.set_cookie("pos_language", language)
    page = read(till.browser.get(PAGE))
    heard = [one.attrs["data-hear"] for one in page.all("button") if "data-hear" in one.attrs]
    assert heard == ["success", "problem", "attention"]
