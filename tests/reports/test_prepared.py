from contextlib import closing

import psycopg
import pytest
from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.exc import DBAPIError

from pos import clock
from pos.database import READS
from pos.extensions import db
from pos.models import Payment, Till
from pos.reports.prepared import Prepared
from pos.states import PaymentStatus
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def engine(context):
    return db.engines[READS]


@pytest.fixture
def version(shop, engine):
    """Asks for the screen version of the first till."""
    query = select(Till.screen_version).where(Till.id == bindparam("till"))
    return lambda: Prepared(query, engine.dialect).first(engine, till=shop.till_id)


def test_it_reads_what_sqlalchemy_reads(shop, engine):
    payment, now = charge(open_shift(shop)), {"now": clock.now()}
    at_last = bindparam("now", type_=Payment.made_at.type)
    query = select(Payment.id, Payment.status, Payment.remark, Payment.made_at).where(
        Payment.status == PaymentStatus.AWAITING, Payment.made_at <= at_last
    )
    found = Prepared(query, engine.dialect).first(engine, **now)
    with engine.connect() as connection:
        assert found == tuple(connection.execute(query, now).one())
    assert (found.status, found.made_at) == (payment.status, payment.made_at)


def test_what_is_not_there_is_none(engine):
    query = select(Till.name).where(Till.id == bindparam("till"))
    assert Prepared(query, engine.dialect).first(engine, till=0) is None


def test_what_cannot_be_read_is_told_as_by_any_query(engine):
    with pytest.raises(DBAPIError) as told:
        Prepared(select(literal_column("nothing")), engine.dialect).first(engine)
    assert told.value.statement == "SELECT nothing"


def test_a_failure_says_nothing_of_what_was_asked_for(engine):
    secret = bindparam("key", type_=Till.name.type)
    query = select(Till.id).where(Till.name == secret, literal_column("nothing") == 1)
    with pytest.raises(DBAPIError) as told:
        Prepared(query, engine.dialect).first(engine, key="a-secret")
    assert "a-secret" not in str(told.value)


def kill_the_connections(engine):
    """Do to those that wait in the pool what a restart of the server does."""
    with closing(engine.raw_connection()) as pooled:
        driver = pooled.driver_connection
    if engine.dialect.name == "sqlite":
        driver.close()
        return
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [driver.info.backend_pid])


def test_a_dead_connection_is_not_used_again(version, engine):
    before = version()
    kill_the_connections(engine)
    if engine.dialect.name == "sqlite":
        with pytest.raises(DBAPIError):
            version()
    assert version() == before
