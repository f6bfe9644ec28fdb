import re

from pos import logs
from pos.worker import Worker
from tests.lines import heard


def test_each_run_of_a_timed_job_has_a_number_on_its_lines(app, shop):
    logs.begin()
    worker = Worker(app)
    with heard() as lines:
        worker.start()
        worker.stop()
    line = next(one for one in lines if "works as holder" in one["message"])
    assert line["job"] == "hold_lease" and re.fullmatch("[0-9a-f]{12}", line["run"])
    assert logs.facts() == {}
