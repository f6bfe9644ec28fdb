import pytest
from sqlalchemy import func, select

from pos import khqr
from pos.errors import BadInput
from pos.extensions import db
from pos.models import GatewayAccount, Merchant, Store, Till
from pos.services.shop import shops
from pos.states import PaymentStatus
from tests.factories import ACCOUNT_ID, Person, Shop, charge, create_user, open_shift

pytestmark = pytest.mark.usefixtures("context")


def account(**changes):
    usual = {"gateway": "bakong", "base_url": "http://127.0.0.1:9/", "account_id": ACCOUNT_ID}
    return shops.NewAccount(**usual | changes)


def create(name="Angkor Books", city="Siem Reap", store="Old Market", tills=("Desk",), **changes):
    return shops.create_shop(name, city, store, list(tills), account(**changes))


def merchants():
    return db.session.scalar(select(func.count(Merchant.id)))


def test_a_new_shop_can_take_a_payment(shop):
    store = create(name="ហាងសៀវភៅអង្គរ", tills=["បញ្ជរ ១"])
    till = db.session.scalars(select(Till).where(Till.store_id == store.id)).one()
    nobody = Person(0, "nobody")
    person = create_user(store.id, "sophea")
    place = Shop(store.id, store.account_id, (till.id,), person, nobody)
    payment = charge(open_shift(place))
    assert payment.status is PaymentStatus.AWAITING
    assert khqr.decode(payment.qr_string).merchant_name == "ហាងសៀវភៅអង្គរ"


def test_it_has_its_tills_and_its_account(shop):
    store = create(tills=["One", "Two"], base_url="http://bank.example/", daily_quota=0)
    names = db.session.scalars(select(Till.name).where(Till.store_id == store.id))
    assert sorted(names) == ["One", "Two"]
    row = db.session.get_one(GatewayAccount, store.account_id)
    assert (row.base_url, row.daily_quota, row.is_practice) == ("http://bank.example", 0, False)


BAD = [
    {"name": ""},
    {"name": " "},
    {"name": "x" * 26},
    {"city": ""},
    {"city": "x" * 16},
    {"gateway": "paypal"},
    {"account_id": "no account"},
    {"account_id": ""},
    {"account_id": "x" * 30 + "@bank"},
    {"token_email": "a" * 31 + "@example.com"},
    {"tills": ["Desk", "Desk"]},
    {"tills": [""]},
    {"tills": []},
    {"store": ""},
]


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_what_would_make_a_bad_qr_is_refused_before_anything_is_written(shop, changes):
    with pytest.raises(BadInput) as refused:
        create(**changes)
    assert refused.value.text.endswith(".")
    assert merchants() == 1


def test_a_shop_is_written_whole_or_not_at_all(shop):
    with pytest.raises(BadInput):
        create(tills=["Same", "Same"])
    counts = [db.session.scalar(select(func.count(kind.id))) for kind in (Store, GatewayAccount)]
    assert counts == [1, 1]
