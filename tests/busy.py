"""A till that charges and settles as fast as it can: `python -m tests.busy SHIFT`, to be killed.

It prints the id of each payment once that is paid and committed. The environment says which
books.
"""

import sys

from pos import create_app
from pos.extensions import db
from pos.models import Shift
from tests import said
from tests.factories import charge, usd


def main(shift_id: int) -> None:
    with create_app().app_context():
        shift = db.session.get_one(Shift, shift_id)
        while True:
            payment = charge(shift, usd("3.50"))
            said.tell(payment, said.paid(payment))
            sys.stdout.write(f"{payment.id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
