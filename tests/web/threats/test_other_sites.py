import pytest

from tests.web.pages import read

FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "another host of ours": {"Sec-Fetch-Site": "same-site"},
    "a word that is none": {"Sec-Fetch-Site": "x"},
    "an origin": {"Origin": "https://evil.example"},
    "an origin that begins as ours": {"Origin": "http://localhost.evil.example"},
    "our origin and another site": {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
}
OWN = {
    "a page of ours": {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    "a person": {"Sec-Fetch-Site": "none"},
    "plain HTTP on a network": {"Origin": "null"},
    "our origin": {"Origin": "http://localhost"},
    "an old browser": {},
}


def charge(till, headers):
    form = read(till.browser.get("/till")).form("Charge").fields
    return till.browser.post("/till/charge", data={**form, "amount": "3.50"}, headers=headers)


def test_a_form_from_another_site_is_refused_even_with_its_token(till, books):
    before = books()
    for page, headers in FOREIGN.items():
        assert charge(till, headers).status_code == 403, page
    assert books() == before


@pytest.mark.parametrize("headers", OWN.values(), ids=OWN)
def test_a_form_of_our_own_is_taken(till, headers):
    assert charge(till, headers).status_code == 303


def test_a_link_on_another_site_opens_a_page(till):
    assert till.browser.get("/till", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
