"""A receipt printer on the network, behind a real socket, that keeps what it was sent."""

import socket
import struct
import threading


class Roll:
    """Takes connections until it is left; hangs up after `takes` bytes, if that is given."""

    def __init__(self, takes: int | None = None) -> None:
        self.takes = takes
        self.jobs: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        # A printer has a small memory: who sends it a page notices when it hangs up.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.address = f"tcp://127.0.0.1:{self._socket.getsockname()[1]}"
        self._last: tuple[str, int] | None = None
        self._thread = threading.Thread(target=self._serve)

    @property
    def sent(self) -> bytes:
        return b"".join(self.jobs)

    def __enter__(self) -> "Roll":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Turn it off, after it has taken all that was sent."""
        if self._socket.fileno() < 0:
            return
        with socket.socket() as last:
            # Who comes last is let in last: by then all that was sent before has been taken.
            last.bind(("127.0.0.1", 0))
            self._last = last.getsockname()
            last.connect(self._socket.getsockname())
            self._thread.join(timeout=10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            line, came_from = self._socket.accept()
            with line:
                if came_from == self._last:
                    return
                if self.takes is not None:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.jobs.append(self._read(line))

    def _read(self, line: socket.socket) -> bytes:
        got = b""
        while self.takes is None or len(got) < self.takes:
            piece = line.recv(65_536)
            if not piece:
                break
            got += piece
        return got
