import re

from pos.web.rights import BY_TOKEN

HERE = "/api/openapi.json"
NOT_TOLD = {"/api/openapi.json", "/api/docs", "/api/payway/v2/webhook"}
"""The description itself, and where a bank posts."""


def described(client):
    return client.get(HERE).json


def test_every_address_of_the_api_is_described_and_no_other(app, client, shop):
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/") and rule.rule not in NOT_TOLD
    }
    told = {(path, how) for path, ways in described(client)["paths"].items() for how in ways}
    assert told == there


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(client, shop):
    document = described(client)
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    for name in re.findall(r"#/components/schemas/([\w.]+)", client.get(HERE).text):
        assert name in schemas


def test_what_takes_a_token_says_so(app, client, shop):
    paths = described(client)["paths"]
    open_ones = {path for path, ways in paths.items() for it in ways.values() if "security" in it}
    assert open_ones == {"/api/v1/token", "/api/v1/health"}
    assert BY_TOKEN
