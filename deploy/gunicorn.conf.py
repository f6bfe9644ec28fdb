"""How gunicorn serves the shop's app: `gunicorn --config deploy/gunicorn.conf.py wsgi:app`.

Read by the systemd unit, by the container and by `make rehearse`. The address is that of the
settings; WEB_CONCURRENCY and FORWARDED_ALLOW_IPS are gunicorn's own variables.
"""

import os
from typing import Any

from pos import serving

_TMPFS = "/dev/shm"

bind = f"{os.environ.get('POS_HOST') or '127.0.0.1'}:{os.environ.get('POS_PORT') or '5000'}"

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or "2")
# A thread that waits for a bank serves no screen meanwhile; 16 leave room for ten of these.
threads = 16
worker_connections = 2000
backlog = 2048

# Longer than any pause between two polls, and than the proxy keeps an unused connection.
keepalive = 75
# A process that shows no sign of life for so long is replaced, in seconds.
timeout = 30
# The app is made before the port is opened: else a machine that starts would take questions that
# it cannot answer for as long as that takes, and a proxy could not tell.
preload_app = True
# What is being asked when an end is asked for is answered first: a bank may take eight seconds.
graceful_timeout = 9

# Its heartbeat file on a real disk can stall a process.
worker_tmp_dir = _TMPFS if os.access(_TMPFS, os.W_OK) else None
# The control socket of gunicorn is a door that nobody here uses.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Tell the app of its process, and have one that ends let go of its listening socket at once.

    gunicorn 27 keeps it open until the last answer is given: what a proxy sends meanwhile is taken
    by nobody, and cut off in the end. Once every process has let go, the proxy is refused, and asks
    the next machine instead.
    """
    serving.post_worker_init(worker)
    turn = worker.set_accept_enabled

    def turn_and_let_go(enabled: bool) -> None:
        turn(enabled)
        if not worker.alive:
            for listener in worker.sockets:
                listener.close()

    worker.set_accept_enabled = turn_and_let_go
