import pytest

from pos.extensions import db
from pos.models import User
from pos.web.cookies import LANGUAGE
from pos.words import Language, _
from tests.factories import PASSWORD, csrf_token
from tests.web.pages import press, read

KHMER = {"Accept-Language": "km-KH,km;q=0.9,en;q=0.5"}


def choose(browser, language, back="/till"):
    form = {"csrf_token": csrf_token(browser, "/login"), "language": language, "next": back}
    return browser.post("/language", data=form)


def test_a_page_is_english_unless_somebody_asks_for_khmer(app, shop):
    page = app.test_client().get("/login")
    assert '<html lang="en">' in page.text and "Log in" in page.text
    page = app.test_client().get("/login", headers=KHMER)
    assert '<html lang="km">' in page.text and "ចូល" in page.text and "Log in" not in page.text


def test_a_language_that_we_do_not_speak_is_answered_in_english(app, shop):
    page = app.test_client().get("/login", headers={"Accept-Language": "fr, de;q=0.8"})
    assert '<html lang="en">' in page.text


def test_the_switch_turns_the_page_and_leads_back_to_it(till):
    assert "ខ្មែរ" in till.browser.get("/till").text
    answer = press(till.browser, "/shifts", "ខ្មែរ")
    assert answer.headers["Location"] == "/shifts"
    page = till.browser.get("/till")
    assert '<html lang="km">' in page.text and "គិតប្រាក់" in page.text
    assert press(till.browser, "/till", "English").status_code == 303
    assert '<html lang="en">' in till.browser.get("/till").text


@pytest.mark.parametrize("away", ["https://elsewhere.example", "//elsewhere.example", "/\\evil"])
def test_the_switch_never_leads_to_another_site(till, away):
    assert choose(till.browser, "km", away).headers["Location"] == "/till"


def test_a_language_that_is_none_is_refused_and_changes_nothing(till):
    assert choose(till.browser, "kh").status_code == 422
    assert '<html lang="en">' in till.browser.get("/till").text


def test_what_a_person_chose_is_spoken_at_the_next_till_they_log_in_at(app, till):
    choose(till.browser, "km")
    with app.app_context():
        languages = {user.username: user.language for user in db.session.query(User)}
    assert languages["dara"] is Language.KHMER and set(languages.values()) == {Language.KHMER, None}
    browser = app.test_client()
    form = {"username": "dara", "password": PASSWORD, "csrf_token": csrf_token(browser, "/login")}
    browser.post("/login", data=form)
    assert '<html lang="km">' in browser.get("/till").text


def test_a_refusal_made_below_the_doors_is_told_in_khmer(till):
    choose(till.browser, "km")
    panel = press(till.browser, "/till", "/charge", amount="0").text
    assert "ចំនួនទឹកប្រាក់ត្រូវធំជាងសូន្យ។" in panel and "more than zero" not in panel


def test_a_sentence_with_values_is_told_in_khmer_with_the_same_values(till):
    choose(till.browser, "km")
    assert (
        "អាចគិតប្រាក់ម្ដងបានច្រើនបំផុត $100,000.00។"
        in press(till.browser, "/till", "/charge", amount="999999").text
    )


def test_what_is_kept_for_the_next_page_is_kept_in_the_language_of_the_one_who_asked(waiting):
    choose(waiting.browser, "km")
    waiting.press("ពិនិត្យឥឡូវ")
    told = read(waiting.browser.get("/till")).one("p", class_="flash-text").text
    assert "ធនាគារមិនមានការទូទាត់សម្រាប់ QR នេះទេ។" in told


def test_the_panel_that_a_poll_swaps_in_speaks_as_the_page_does(waiting):
    choose(waiting.browser, "km")
    poll = waiting.browser.get("/till/payment", headers={"HX-Request": "true"})
    assert "កំពុងរង់ចាំ" in poll.text and "Waiting" not in poll.text


def test_the_customer_reads_khmer_and_english_whatever_the_till_speaks(display):
    for language in ("en", "km"):
        display.browser.set_cookie(LANGUAGE, language)
        page = display.browser.get("/display").text
        assert '<html lang="km">' in page
        assert page.index("ស្កេនទីនេះ") < page.index('lang="en">Scan here to pay')


def test_an_error_page_speaks_khmer_even_where_nobody_is_logged_in(app, shop):
    page = app.test_client().get("/nowhere", headers=KHMER)
    assert page.status_code == 404 and "រកមិនឃើញ" in page.text


def test_a_value_with_html_in_it_is_drawn_as_text_in_both_languages(app):
    name = "<b>Dara</b>"
    with app.test_request_context():
        write = app.jinja_env.from_string("{{ _('Taken by %(name)s', name=name) }} {{ told }}")
        page = write.render(name=name, told=_("Taken by %(name)s", name=name))
    assert page == " ".join(["Taken by &lt;b&gt;Dara&lt;/b&gt;"] * 2)


def test_a_day_is_written_as_its_readers_write_it(app, clock):
    page = "{{ now|day }}"
    with app.test_request_context():
        assert app.jinja_env.from_string(page).render(now=clock.time) == "Sun 22 Nov 2026"
    with app.test_request_context(headers=KHMER):
        assert app.jinja_env.from_string(page).render(now=clock.time) == "អាទិត្យ 22 វិច្ឆិកា 2026"
