import socket

import pytest

from pos.errors import ConfigError
from pos.launch.place import Address, read_place


def test_without_settings_it_stays_on_this_machine():
    place = read_place({})
    assert (place.shop.bind, place.bank.bind) == ("127.0.0.1:5000", "127.0.0.1:5001")


def test_the_environment_names_host_and_ports():
    place = read_place({"POS_HOST": "0.0.0.0", "POS_PORT": "8000", "SANDBOX_PORT": "8001"})
    assert (place.shop.bind, place.bank.bind) == ("0.0.0.0:8000", "0.0.0.0:8001")


@pytest.mark.parametrize("variable", ["POS_PORT", "SANDBOX_PORT"])
@pytest.mark.parametrize("text", ["0", "65536", "-1", "80.0", "abc", " 80", "٨٠٨٠", "1" * 30])
def test_what_is_no_port_is_refused_by_the_name_of_its_variable(variable, text):
    with pytest.raises(ConfigError, match=f"^{variable}=.*1 to 65535"):
        read_place({variable: text})


def test_both_on_one_port_is_refused():
    with pytest.raises(ConfigError, match="both 6000"):
        read_place({"POS_PORT": "6000", "SANDBOX_PORT": "6000"})


def test_a_taken_port_names_the_variable_that_changes_it():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = Address("127.0.0.1", taken.getsockname()[1], "SANDBOX_PORT")
        with pytest.raises(ConfigError, match=r"taken.*SANDBOX_PORT"):
            address.check_free()


def test_a_port_that_was_just_let_go_is_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()  # the side that closes first keeps the address for a minute
        client.close()
    Address("127.0.0.1", port, "POS_PORT").check_free()


@pytest.mark.parametrize("host", ["203.0.113.7", "2001:db8::7", "x" * 70 + ".example"])
def test_a_host_that_is_not_this_machine_is_refused_in_one_line(host):
    with pytest.raises(ConfigError, match=r"^POS_HOST=.*cannot listen there\.$"):
        Address(host, 5000, "POS_PORT").check_free()


@pytest.mark.parametrize(
    ("host", "private", "url"),
    [
        ("127.0.0.1", True, "http://127.0.0.1:5000"),
        ("localhost", True, "http://localhost:5000"),
        ("::1", True, "http://[::1]:5000"),
        ("0.0.0.0", False, "http://127.0.0.1:5000"),
        ("::", False, "http://[::1]:5000"),
        ("shop.local", False, "http://shop.local:5000"),
    ],
)
def test_a_browser_here_gets_an_address_it_can_open(host, private, url):
    address = Address(host, 5000, "POS_PORT")
    assert (address.is_private, address.url) == (private, url)
