"""What one sale costs the server: Charge, the till's page, the display's card with its QR."""

import time
from collections.abc import Callable
from statistics import median

from pos.web.counter.qr import qr_svg
from tests.bench.counter import Counter, answer_to

SALES = 200
WARM_UP = 10


def sale_ms(counter: Counter, *, drawn_twice: bool = False) -> float:
    """Return the median CPU milliseconds of one sale; each is paid before the next, unmeasured.

    With `drawn_twice` till and display are served by two processes: each draws the QR itself.
    """
    forget = qr_svg.cache_clear if drawn_twice else _nothing
    spent = [_one_sale(counter, forget) for _ in range(WARM_UP + SALES)]
    return median(spent[WARM_UP:])


def _nothing() -> None:
    pass


def _one_sale(counter: Counter, forget: Callable[[], None]) -> float:
    app = counter.app
    charge, page = counter.charge(), counter.till("/till")
    screen = counter.display("/display/screen")
    begin = time.process_time()
    assert answer_to(app, charge) == 303
    assert answer_to(app, page) == 200
    forget()
    assert answer_to(app, screen) == 200
    spent = time.process_time() - begin
    counter.pay()
    return spent * 1000
