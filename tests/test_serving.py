import pytest
from sqlalchemy import update

from pos import serve, worker
from pos.database import writing
from pos.errors import ConfigError
from pos.extensions import db
from pos.launch.commands import web_server
from pos.launch.place import Address
from pos.models import GatewayAccount
from tests.conftest import SECRET_KEY, VAULT_KEY, close


@pytest.fixture
def environment(app, shop, settings, monkeypatch):
    """The environment names the books of this shop."""
    monkeypatch.setenv("POS_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("POS_VAULT_KEY", VAULT_KEY)
    monkeypatch.setenv("POS_INSTANCE", str(settings.instance))
    monkeypatch.setenv("POS_DATABASE_URL", settings.database_url)
    monkeypatch.delenv("FLASK_DEBUG", raising=False)


@pytest.fixture
def mixed(app, environment):
    """A practice account at a live bank, in the books that the environment names."""
    close(serve())
    with app.app_context(), writing(db.session):
        db.session.execute(update(GatewayAccount).values(base_url="https://api.example"))


def test_a_practice_account_at_a_live_bank_is_served_by_nobody(mixed, app):
    told = "is practice, but its bank is at https://api.example"
    with pytest.raises(ConfigError, match=told):
        serve()
    with pytest.raises(ConfigError, match=told):
        worker.run(app)


def test_make_run_serves_the_app_after_that_look():
    assert web_server(Address("127.0.0.1", 5000, "POS_PORT"))[-1] == "pos:serve()"


def test_no_process_that_is_forked_from_it_shares_a_connection(environment):
    app = serve()
    with app.app_context():
        assert [engine.pool.checkedin() for engine in db.engines.values()] == [0, 0]
        assert [engine.pool.checkedout() for engine in db.engines.values()] == [0, 0]
    close(app)
