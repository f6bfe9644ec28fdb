import pytest

from pos import create_app
from pos.models import Kind
from pos.services.paperwork import archive
from pos.services.people import brake
from pos.services.shop import lease
from tests import factories
from tests.conftest import close
from tests.crash import deeds
from tests.soak.pages import read_panel, read_till


@pytest.fixture
def other(settings, tmp_path):
    """The same shop on another machine: a folder of its own, the same secrets and books."""
    (tmp_path / "other").mkdir()
    app = create_app(
        settings.model_copy(
            update={"instance": tmp_path / "other", "database_url": settings.database}
        )
    )
    app.testing = True
    yield app
    close(app)


@pytest.fixture
def both(app, other, shop):
    """One browser of the cashier's, which the proxy sends to the one machine or to the other."""
    first, second = app.test_client(), other.test_client()
    factories.log_in(first, shop.cashier)
    name = app.config["SESSION_COOKIE_NAME"]
    second.set_cookie(name, first.get_cookie(name).value)
    return first, second


def test_a_sale_of_one_machine_is_settled_and_seen_at_the_other(app, other, both, shop, bank):
    here, there = both
    with app.app_context():
        shift = factories.open_shift(shop).id
        payment = deeds.charge(shift, "form-1")["payment"]
    panel = read_till(there.get("/till").text).panel
    bank.pay(panel.qr)
    with other.app_context():
        assert deeds.settle(payment) == "paid"
    assert read_panel(here.get(panel.poll).text).phase == "paid"


def test_tries_at_a_login_count_for_both_machines(app, other, settings):
    machines = [app, other] * settings.login_tries
    for machine in machines[: settings.login_tries]:
        with machine.app_context():
            brake.refuse_waiting("dara")
            brake.count_failure("dara")
    for machine in (app, other):
        answer = factories.post(
            machine.test_client(), "/login", {"username": "dara", "password": "x"}, "/login"
        )
        assert "Too many wrong passwords" in answer.text


def test_a_pdf_that_one_machine_made_is_given_by_the_other(app, other, both, shop):
    with app.app_context():
        report = deeds.close(factories.open_shift(shop).id, shop.cashier.id)
        archive.make_due()
    pdf = both[1].get(f"/paper/{Kind.Z_REPORT}/{report}/a4.pdf")
    assert (pdf.status_code, pdf.data[:4]) == (200, b"%PDF")


def test_one_of_two_workers_holds_the_lease(app, other):
    for machine, name, fence in ((app, "a", 1), (other, "b", None), (app, "a", 1)):
        with machine.app_context():
            assert lease.hold(name) == fence
    with app.app_context():
        lease.release("a")
    with other.app_context():
        assert lease.hold("b") == 2
