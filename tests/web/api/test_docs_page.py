from tests.web.pages import read

HERE = "/api/docs"


def test_every_operation_of_the_document_stands_on_the_page(client, shop):
    page = client.get(HERE)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    told = client.get("/api/openapi.json").json["paths"]
    for path, methods in told.items():
        assert page.text.count(f'<code class="api-path">{path}</code>') == len(methods)
        for how in methods.values():
            assert how["summary"].split("'")[0] in page.text


def test_a_request_is_told_with_its_fields_and_what_is_in_them(client, shop):
    page = read(client.get(HERE))
    asked = page.one(id="post-api-v1-sales").text
    for word in ("booking_id", "currency", '"USD" or "KHR"', "In the body", "201 Created", "409"):
        assert word in asked, word
    assert "qr_string" in page.one(id="post-api-v1-checks").text
    assert "No token needed" in page.one(id="post-api-v1-token").text
    assert "image/png" in page.one(id="get-api-v1-payments--payment_id--qr-png").text


def test_the_page_fetches_nothing_but_the_houses_own_sheets(client, shop):
    text = client.get(HERE).text
    assert "<script" not in text and "style=" not in text
    assert "http://" not in text and "https://" not in text
