from pos.extensions import db
from pos.models import Payment
from pos.reports.closing import exceptions
from tests import said
from tests.factories import charge, open_shift, usd


def test_money_found_while_a_page_is_made_is_told_as_it_is_now(app, shop):
    with app.app_context():
        shift = open_shift(shop)
        read_early = db.session.get_one(Payment, charge(shift).id)
        assert read_early.remark is None
        with app.app_context():
            said.tell(read_early, said.paid(read_early, amount=usd("1.00")))
        for found in (exceptions.undecided(shift.till_id), exceptions.of_shift(shift)):
            assert [one.received for one in found] == [usd("1.00")]
