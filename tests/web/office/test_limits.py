import pytest

from pos.cash import Cash
from pos.errors import BadAmount
from pos.extensions import db
from pos.models import AuditEntry, CashCount, Sale, Shift, Store
from pos.services.bookkeeping import counting, drawer
from pos.services.bookkeeping.pieces import Counted
from pos.services.selling import checkout, tenders
from pos.services.shop import limits
from pos.states import MovementKind
from tests.factories import create_other_shop, new_key, open_shift, usd
from tests.web.pages import press, read

PAGE, BUTTON = "/settings/limits", "Set the limits"


@pytest.fixture
def store(app, shop):
    return lambda: db.session.get_one(Store, shop.store_id)


def test_a_store_without_limits_of_its_own_has_the_operators(app, store, settings):
    with app.app_context():
        held = vars(limits.of(store()))
        assert held == vars(limits.by_default())
    assert held == {name: getattr(settings, name) for name in held}


def test_what_is_typed_holds_here_and_nowhere_else(app, manager, shop, store, bank):
    typed = {"max_usd": "1,500", "max_khr": "៤០០០០០០", "blind_count": "no", "no_sales": "0"}
    assert press(manager, PAGE, BUTTON, **typed).status_code == 303
    with app.app_context():
        held, default = limits.of(store()), limits.by_default()
        assert (held.max_usd, held.max_khr, held.blind_count) == (1_500, 4_000_000, False)
        assert (held.no_sales, held.over_short_usd) == (0, default.over_short_usd)
        other = create_other_shop(bank.url, bank.token())
        assert limits.of(db.session.get_one(Store, other.store_id)) == default
    shown = read(manager.get(PAGE)).form(BUTTON).fields
    assert (shown["max_usd"], shown["over_short_usd"]) == ("1500", "")


BAD = [
    {"max_usd": "0"},
    {"max_usd": "500001"},
    {"max_khr": "99"},
    {"cash_limit_usd": "-1"},
    {"cash_limit_khr": "1.5"},
    {"no_sales": "many"},
    {"over_short_usd": "9" * 30},
    {"over_short_khr": "1e3"},
    {"over_short_khr": "²"},
    {"blind_count": "perhaps"},
]


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_what_is_no_limit_is_refused_and_none_is_set(app, manager, store, changes):
    answer = press(manager, PAGE, BUTTON, **{"cash_limit_usd": "7", **changes})
    assert answer.status_code == 422 and read(answer).alert
    with app.app_context():
        assert limits.of(store()) == limits.by_default()


def test_a_charge_above_the_stores_limit_is_refused_and_one_at_it_is_not(app, manager, till):
    press(manager, PAGE, BUTTON, max_usd="20", max_khr="80000")
    for typed, currency in (("20.01", "USD"), ("80100", "KHR")):
        answer = till.charge(typed, currency)
        assert answer.status_code == 422 and "at once is" in read(answer).alert
    with app.app_context():
        assert db.session.query(Sale).count() == 0
    assert till.charge("20").status_code == 303


def test_what_leaves_the_drawer_alone_is_the_stores(app, manager, shop, clock):
    press(manager, PAGE, BUTTON, cash_limit_usd="5", cash_limit_khr="0", no_sales="0")
    with app.app_context():
        shift = open_shift(shop)
        out = MovementKind.PAID_OUT
        needed = [drawer.needs_manager(shift, out, one) for one in (Cash(500, 0), Cash(501, 0))]
        assert needed == [False, True]
        assert drawer.needs_manager(shift, out, Cash(0, 100))
        assert drawer.needs_manager(shift, MovementKind.NO_SALE, Cash())


def test_how_far_a_count_may_be_off_is_the_stores(app, manager, store):
    press(manager, PAGE, BUTTON, over_short_usd="0", over_short_khr="500")
    with app.app_context():
        held = limits.of(store())
        off = [Cash(0, 500), Cash(0, -600), Cash(1, 0)]
        assert [counting.is_above(one, held) for one in off] == [False, True, True]


@pytest.mark.parametrize(("blind", "told"), [("no", True), ("yes", False)])
def test_who_counts_is_told_what_should_be_there_only_where_the_store_says_so(
    app, manager, till, blind, told
):
    press(manager, PAGE, BUTTON, blind_count=blind)
    with app.app_context():
        offer = tenders.Offer(given=Cash(900, 0))
        tenders.take_for_new_sale(1, usd("9"), offer, new_key(), who="cashier:dara")
    assert ("Expected" in read(till.browser.get("/shifts/1/x")).text) is told
    with app.app_context():
        counting.begin(1)
        counting.submit(1, Counted(pieces={}, other=Cash(900, 0)), new_key(), counted_by_id=1)
        assert db.session.query(CashCount).one().is_blind is not told


def test_of_two_who_set_limits_at_once_the_second_is_told(app, manager, store):
    drawn = read(manager.get(PAGE)).form(BUTTON).fields
    assert manager.post(PAGE, data={**drawn, "max_usd": "10"}).status_code == 303
    late = manager.post(PAGE, data={**drawn, "max_usd": "99"})
    assert late.status_code == 422 and "meanwhile" in read(late).alert
    with app.app_context():
        assert limits.of(store()).max_usd == 10


def test_the_audit_log_says_what_a_limit_was_and_is(app, manager):
    press(manager, PAGE, BUTTON, cash_limit_usd="5")
    press(manager, PAGE, BUTTON, cash_limit_usd="9", blind_count="no")
    press(manager, PAGE, BUTTON)
    with app.app_context():
        first, second = db.session.query(AuditEntry).filter_by(deed="limits_set")
        assert first.details["was"] == "Dollars in or out of a drawer: by default"
        assert second.details["was"] == "Dollars in or out of a drawer: 5; Blind count: by default"
        assert second.details["now"] == "Dollars in or out of a drawer: 9; Blind count: no"


def test_a_charge_sent_again_finds_its_sale_though_the_limit_fell_meanwhile(app, manager, till):
    form = read(till.browser.get("/till")).form("Charge")
    sent = {**form.fields, "amount": "30", "currency": "USD"}
    assert till.browser.post(form.attrs["action"], data=sent).status_code == 303
    press(manager, PAGE, BUTTON, max_usd="20")
    with app.app_context():
        shift, key = db.session.query(Shift).one(), db.session.query(Sale.key).scalar()
        again = checkout.charge(shift.id, usd("30"), key, who="cashier:dara")
        assert again.sale.number == 1
        with pytest.raises(BadAmount):
            checkout.charge(shift.id, usd("30"), new_key(), who="cashier:dara")
