# A shop's callback address: it keeps what it is told.

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any


class _Door(ThreadingHTTPServer):
    # Twenty copies knock at once; one that finds no place would knock again only seconds later.
    request_queue_size = 64


Post = tuple[str, dict[str, str], bytes]


class Ear:
    """Keeps what is posted to `url` and answers `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.heard: Queue[Post] = Queue()
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ear.heard.put((self.path, dict(self.headers), body))
                self.send_response(ear.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = _Door(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/callback?from=bank"

    def next(self) -> Post:
        return self.heard.get(timeout=5)

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.next()[2])
        return body
