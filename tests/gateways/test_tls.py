import pytest

from pos.errors import GatewaySilent, GatewayUnreachable
from pos.gateways import http
from tests.gateways import certificates, wire

ANSWER = wire.send(wire.message(b'{"a": 1}'))


@pytest.fixture(scope="module")
def authority():
    return certificates.signer("the shop's own authority")


@pytest.fixture
def ask(authority, tmp_path, monkeypatch):
    """A client that trusts our authority and no other."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority_file(authority, tmp_path)))
    client = http.Wire()
    yield lambda bank, seconds=2: client.exchange(f"{bank.url}/v1/x", b"{}", seconds=seconds)
    client.close()


def test_a_certificate_of_a_known_authority_is_enough(ask, authority, tmp_path):
    tls = certificates.server(authority, tmp_path, ip="127.0.0.1")
    with wire.bank(ANSWER, tls=tls) as bank:
        assert ask(bank).document() == {"a": 1}


@pytest.mark.parametrize(
    ("known", "ip", "days"),
    [
        pytest.param(False, "127.0.0.1", 1, id="self-signed"),
        pytest.param(True, "127.0.0.1", -1, id="ended"),
        pytest.param(True, "127.0.0.9", 1, id="another name"),
    ],
)
def test_a_bank_that_cannot_prove_itself_is_told_nothing(ask, authority, tmp_path, known, ip, days):
    tls = certificates.server(authority if known else None, tmp_path, ip=ip, days=days)
    with wire.bank(ANSWER, tls=tls) as bank, pytest.raises(GatewayUnreachable) as caught:
        ask(bank)
    assert caught.value.code == "certificate" and bank.heard == []


def test_the_everyday_client_does_not_know_our_authority(authority, tmp_path):
    tls = certificates.server(authority, tmp_path, ip="127.0.0.1")
    with wire.bank(ANSWER, tls=tls) as bank, pytest.raises(GatewayUnreachable) as caught:
        http.exchange(f"{bank.url}/", b"{}", seconds=2)
    assert caught.value.code == "certificate"


def test_plain_http_where_tls_is_expected_means_nothing_was_sent():
    with wire.bank(ANSWER) as bank, pytest.raises(GatewayUnreachable) as caught:
        http.exchange(f"https://127.0.0.1:{bank.port}/", b"{}", token="canary-key", seconds=0.5)
    assert caught.value.code == "" and b"canary-key" not in b"".join(bank.heard)


def test_a_trickled_answer_over_tls_ends_by_the_wall_too(ask, authority, tmp_path):
    tls = certificates.server(authority, tmp_path, ip="127.0.0.1")
    script = wire.trickle(wire.message(b'{"a": 1}'), 0.1)
    with wire.bank(script, tls=tls) as bank, pytest.raises(GatewaySilent):
        ask(bank, seconds=0.5)
