"""python -m tests.rehearse [nginx or caddy] [seconds of sales]

Rehearses a chain: two machines behind one proxy on one PostgreSQL; ends with 1 if it fails.
"""

import sys
import tempfile
import warnings
from pathlib import Path

from pos.launch.children import Children, Stop, Stopped
from tests.databases import Postgres
from tests.rehearse.proxies import NoProxyError, require
from tests.rehearse.story import tell

KINDS = ("nginx", "caddy")


def main(kind: str = "nginx", seconds: str = "45") -> int:
    """Rehearse once, say of each deed whether it held, and return the exit status."""
    warnings.simplefilter("ignore")
    stop = Stop()
    stop.listen()
    if kind not in KINDS:
        sys.stderr.write(f"The proxy is {' or '.join(KINDS)}.\n")
        return 2
    try:
        require(kind)
        return 1 if _rehearse(kind, float(seconds), stop) else 0
    except NoProxyError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    except Stopped:
        return 130


def _rehearse(kind: str, seconds: float, stop: Stop) -> list[str]:
    server = Postgres()
    try:
        with tempfile.TemporaryDirectory(prefix="pos-rehearse-") as name:
            folder = Path(name)
            (folder / "logs").mkdir()
            with Children(folder / "logs", stop) as children:
                return tell(kind, seconds, folder, server.template_url, children)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
