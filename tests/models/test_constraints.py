import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pos.database import writing
from pos.extensions import db
from pos.models import (
    Display,
    GatewayTransaction,
    Login,
    Payment,
    Sale,
    Shift,
    Till,
    User,
    ZReport,
)
from pos.services.bookkeeping import shifts
from pos.services.people import users
from pos.services.shop import displays
from tests import said
from tests.factories import NO_FLOAT, charge, open_shift

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def books(context, shop, clock):
    """One row of everything: a paid sale in a closed shift, a screen, a login."""
    shift = open_shift(shop)
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    clock.advance(1)
    shifts.close_shift(shift.id, shop.cashier.id)
    displays.start()
    users.log_in(shop.cashier.username, shop.cashier.password)


def copy_of(kind, **changes):
    """A second row like the first one of its table, but for its id and `changes`."""
    first = db.session.scalars(select(kind).order_by(kind.id).limit(1)).one()
    names = [column.key for column in kind.__mapper__.columns if column.key != "id"]
    return kind(**{name: getattr(first, name) for name in names} | changes)


def add(row):
    with writing(db.session):
        db.session.add(row)


UNIQUE = [
    (Payment, {"lookup": None}, {"tran_id": "another"}),
    (Payment, {"tran_id": "another"}, {"lookup": "another"}),
    (GatewayTransaction, {"settles_sale_id": None}, {"reference": "another"}),
    (GatewayTransaction, {"reference": "another"}, {"settles_sale_id": None}),
    (Sale, {"number": 2}, {"key": "another"}),
    (Sale, {"key": "another"}, {"number": 2}),
    (Display, {"pairing_code": None}, {"token_hash": "another"}),
    (Display, {"token_hash": "another"}, {"pairing_code": "another"[:6]}),
    (Login, {}, {"token_hash": "another"}),
    (User, {}, {"username": "another"}),
    (Till, {}, {"name": "another"}),
]


@pytest.mark.parametrize(("kind", "changes", "cure"), UNIQUE)
@pytest.mark.usefixtures("books")
def test_the_database_itself_refuses_a_second_of_what_is_one(kind, changes, cure):
    with pytest.raises(IntegrityError):
        add(copy_of(kind, **changes))
    add(copy_of(kind, **changes | cure))


@pytest.mark.usefixtures("books")
def test_a_report_is_one_of_its_shift_its_number_and_its_place_in_the_chain(shop):
    shift = shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)
    new = {"number": 2, "shift_id": shift.id, "link": 2}
    for same in new:
        with pytest.raises(IntegrityError):
            add(copy_of(ZReport, **{name: value for name, value in new.items() if name != same}))
    add(copy_of(ZReport, **new))


@pytest.mark.parametrize("same", ["till_id", "cashier_id"])
def test_a_till_and_a_cashier_have_one_open_shift_each(shop, same):
    open_shift(shop)
    other = {"till_id": shop.till_ids[1], "cashier_id": shop.manager.id}
    with pytest.raises(IntegrityError):
        add(copy_of(Shift, **{name: value for name, value in other.items() if name != same}))
    add(copy_of(Shift, **other))


@pytest.mark.usefixtures("books")
def test_closed_shifts_of_a_till_may_be_many():
    add(copy_of(Shift))


def test_a_row_cannot_point_at_nothing(shop):
    payment = charge(open_shift(shop))
    with pytest.raises(IntegrityError), writing(db.session):
        payment.sale_id = 10**6
