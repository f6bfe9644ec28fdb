"""The process that does the timed jobs, and asks gateways beside them.

Only the holder of the lease does anything; a second worker waits until the first falls
silent. What a job writes is refused once another holds the lease.
"""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from pos import clock, logs
from pos.database import READS
from pos.errors import LeaseLost
from pos.extensions import db, settings
from pos.schema import difference
from pos.services.asking import questions
from pos.services.shop import lease
from pos.worker.jobs import CLOCK_SET, HOLD_LEASE, JOBS, Job
from pos.worker.tellers import Tellers

log = logging.getLogger(__name__)

ASKERS = 4
"""Questions to gateways under way at once."""

CLOCK_JUMP_SECONDS = 2.0
"""A difference between wall clock and monotonic clock that means: somebody set the clock."""


class Worker:
    """Runs the jobs of one app until it is stopped."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        # In a container each process may have the same number, and be another one.
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._fence: int | None = None
        self._begin_anew()
        self._asking: set[int] = set()
        self._askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="asker")
        self._tellers = Tellers(app)
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Start all jobs; returns at once."""
        self._run(HOLD_LEASE)
        for job in (HOLD_LEASE, *JOBS):
            self._scheduler.add_job(
                self._run, "interval", seconds=job.seconds, args=[job], id=job.name
            )
        self._scheduler.start()
        threading.Thread(target=self._watch_clock, name="clock-watch", daemon=True).start()

    def stop(self) -> None:
        """End the jobs, let questions under way finish, and give the lease back."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._askers.shutdown(wait=True, cancel_futures=True)
        self._tellers.stop()
        with self.app.app_context():
            lease.release(self.name)

    def run_until_told(self) -> None:
        """Run until SIGTERM or SIGINT."""
        ends: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            # Nothing with a lock: the handler runs in this very thread, in the middle of its wait.
            signal.signal(number, lambda number, _frame: ends.append(number))
        self.start()
        log.info("worker %s runs", self.name)
        while not ends:
            time.sleep(0.1)
        self.stop()

    def _run(self, job: Job) -> None:
        """Do one job if this worker holds the lease; a failure is logged, the next run comes."""
        with logs.about(job=job.name, run=logs.number()):
            self._do(job, self._fence)

    def _do(self, job: Job, fence: int | None) -> None:
        try:
            with self.app.app_context():
                if job is HOLD_LEASE:
                    job.do(self)
                elif fence is not None:
                    with lease.fenced(fence):
                        job.do(self)
        except LeaseLost as lost:
            log.warning("job %s was left: %s", job.name, lost)
        except Exception:
            log.exception("job %s failed", job.name)

    def hold_lease(self) -> None:
        """Take or renew the lease, which is also the worker's heartbeat.

        On tables of another version nothing is done: a newer program may have made them.
        """
        told = difference(db.engines[READS])
        if told:
            log.error("the timed jobs stand still: %s", told)
            self._fence = None
            return
        fence = lease.hold(self.name)
        if fence is None or fence == self._fence:
            self._fence = fence
            return
        log.info("worker %s works as holder %d of the lease", self.name, fence)
        self._begin_anew()
        self._fence = fence
        # The clock may have been set while no worker ran.
        self._run(CLOCK_SET)

    @property
    def is_acting(self) -> bool:
        """Whether this worker does the jobs now, and no other."""
        return self._fence is not None

    def _begin_anew(self) -> None:
        """End no QR, by a clock that may be wrong, before all are asked about once more."""
        self._has_asked_all, self._began, self._began_at = False, time.monotonic(), clock.now()

    def may_end_qrs(self) -> bool:
        """Return whether all that was open at the start was asked about, or long enough ago."""
        if not self._has_asked_all:
            waited = time.monotonic() - self._began
            is_over = waited >= settings().start_asks_seconds
            self._has_asked_all = is_over or not questions.has_unasked(self._began_at)
        return self._has_asked_all

    def refresh_due(self) -> None:
        """Hand every payment that is due to an asker; a slow gateway holds up no other job."""
        for payment_ids in questions.due_together():
            if len(self._asking) >= ASKERS:
                return
            if payment_ids[0] not in self._asking:
                self._asking.add(payment_ids[0])
                self._askers.submit(self._ask, payment_ids, self._fence)

    def tell_webhooks(self) -> None:
        """Hand what other systems are to be told to threads; a slow system holds up no other."""
        self._tellers.tell_due(self._fence)

    def _ask(self, payment_ids: list[int], fence: int | None) -> None:
        logs.begin(job="ask", run=logs.number())
        try:
            with self.app.app_context(), lease.fenced(fence or 0):
                questions.ask_together(payment_ids)
        except LeaseLost as lost:
            log.warning("asking about payments %s was left: %s", payment_ids, lost)
        except Exception:
            log.exception("asking about payments %s failed", payment_ids)
        finally:
            self._asking.discard(payment_ids[0])

    def _watch_clock(self) -> None:
        """Wake the scheduler when the wall clock was set: it reckons by it, and would sleep.

        After a step back of an hour it would do nothing for an hour.
        """
        offset = time.time() - time.monotonic()
        while not self._stopping.wait(1):
            now = time.time() - time.monotonic()
            if abs(now - offset) > CLOCK_JUMP_SECONDS:
                log.warning("the system clock was set by %.1f s", now - offset)
                self._restart_timers()
            offset = now

    def _restart_timers(self) -> None:
        """Plan anew what was planned by the old time: the jobs, and the questions to gateways."""
        for job in self._scheduler.get_jobs():
            job.reschedule("interval", seconds=job.trigger.interval.total_seconds())
            job.modify(next_run_time=clock.now())
        self._begin_anew()
        self._run(CLOCK_SET)
