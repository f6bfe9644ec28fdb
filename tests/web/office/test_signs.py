import pytest

from pos.services.selling import checkout
from pos.web.cookies import LANGUAGE
from tests import said
from tests.factories import charge, open_shift, usd


def words(page):
    return " ".join(page.text.split())


@pytest.fixture
def cancelled(app, shop, clock):
    with app.app_context():
        shift = open_shift(shop)
        for _ in range(3):
            payment = charge(shift, usd("7.25"))
            checkout.cancel(payment, who="cashier:dara")
            clock.advance(60)
            said.tell(payment, said.NOT_FOUND)


def test_without_sales_there_is_nothing_to_compare(manager):
    page = words(manager.get("/signs"))
    assert "Nobody sold anything in these days." in page and "No drawer was counted" in page


def test_each_number_leads_to_the_rows_behind_it(cancelled, manager):
    page = manager.get("/signs").text
    address = page.split('href="/signs/cancelled?')[1].split('"')[0].replace("&amp;", "&")
    rows = words(manager.get(f"/signs/cancelled?{address}"))
    assert rows.count("$7.25") == 3 and "Dara" in rows and "Till 1" in rows


def test_nobody_is_accused(cancelled, manager):
    page = words(manager.get("/signs"))
    assert "accuse nobody" in page and "100.0 in 100" in page
    assert not {"fraud", "theft", "stole", "suspect"} & set(page.lower().split())


def test_a_sign_that_is_none_and_an_id_that_is_none_are_not_there(manager):
    for address in ("/signs/x", "/signs/cancelled?till=x", "/signs/cancelled?cashier=-1"):
        assert manager.get(address).status_code == 404


def test_days_that_are_none_are_refused_in_words(manager):
    for address in ("/signs?range=x", "/signs/cancelled?first=soon"):
        answer = manager.get(address)
        assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_a_cashier_sees_no_signs(cashier):
    assert cashier.get("/signs").status_code == 403
    assert cashier.get("/signs/cancelled").status_code == 403


def test_the_page_speaks_khmer(cancelled, manager):
    manager.set_cookie(LANGUAGE, "km")
    assert "គួរមើល" in manager.get("/signs").text
