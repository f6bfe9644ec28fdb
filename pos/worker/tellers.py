"""The threads in which other systems are told, one for a webhook at a time.

A webhook that is slow holds its own thread, and no other webhook's.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from pos import logs
from pos.errors import LeaseLost
from pos.services.shop import lease
from pos.services.webhooks import delivering

log = logging.getLogger(__name__)

TELLERS = 8
"""Webhooks that are told at the same time."""


class Tellers:
    """Tells webhooks what is due until it is stopped."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._telling: set[int] = set()
        self._threads = ThreadPoolExecutor(TELLERS, thread_name_prefix="teller")

    def tell_due(self, fence: int | None) -> None:
        """Hand every webhook that something is due for to a thread, unless it has one."""
        for webhook_id in delivering.due():
            if len(self._telling) >= TELLERS:
                return
            if webhook_id not in self._telling:
                self._telling.add(webhook_id)
                self._threads.submit(self._tell, webhook_id, fence)

    def stop(self) -> None:
        """Let what is under way finish; what waits stays in the books."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _tell(self, webhook_id: int, fence: int | None) -> None:
        logs.begin(job="tell", run=logs.number())
        try:
            with self._app.app_context(), lease.fenced(fence or 0):
                delivering.tell(webhook_id)
        except LeaseLost as lost:
            log.warning("telling webhook %d was left: %s", webhook_id, lost)
        except Exception:
            log.exception("telling webhook %d failed", webhook_id)
        finally:
            self._telling.discard(webhook_id)
