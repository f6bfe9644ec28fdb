"""The switches that spoil how an answer leaves, whatever it says.

Ending a connection needs the server's socket: werkzeug and gunicorn give it in the WSGI
environment. Without one (httpx.WSGITransport) the caller meets ConnectionResetError instead.
"""

import errno
import os
import socket
import struct
import time
import zlib
from collections.abc import Iterator

from flask import Response

from pos.sandbox.faults import Taken

_BLOCK = b" " * 65536
_SPOILERS = frozenset(
    ("truncated", "cut", "close_delimited", "huge_body", "gzip_bomb", "trickle", "delay", "hang")
    + ("drop", "reset")
)


def deliver(response: Response, taken: Taken, connection: socket.socket | None) -> Response:
    """Return the answer so that it leaves as the switches say."""
    if _SPOILERS.isdisjoint(taken):
        return response
    body = response.get_data()
    if "truncated" in taken:
        body = body[: len(body) // 2]
    promised = len(body)
    chunks: Iterator[bytes] = iter([body])
    if "cut" in taken:
        chunks = iter([body[: len(body) // 2]])
    elif "close_delimited" in taken:
        chunks = iter([_head_without_length(response) + body[: len(body) // 2]])
    elif "gzip_bomb" in taken:
        packed = _packed(body, taken["gzip_bomb"])
        promised, chunks = len(packed), iter([packed])
        response.headers["Content-Encoding"] = "gzip"
    elif "huge_body" in taken:
        promised, chunks = max(len(body), taken["huge_body"]), _padded(body, taken["huge_body"])
    response.response = _leave(chunks, taken, connection)
    response.headers["Content-Length"] = str(promised)
    return response


def _leave(
    chunks: Iterator[bytes], taken: Taken, connection: socket.socket | None
) -> Iterator[bytes]:
    time.sleep(taken.get("delay", 0))
    time.sleep(taken.get("hang", 0))
    end = _reset if "reset" in taken else _hang_up
    if "hang" in taken or "drop" in taken or ("reset" in taken and "cut" not in taken):
        end(connection)
    if "close_delimited" in taken:
        _write(connection, next(chunks))
        end(connection)
    pause = taken.get("trickle")
    for chunk in chunks:
        yield from _trickled(chunk, pause) if pause else (chunk,)
    if "cut" in taken:
        end(connection)


def _head_without_length(response: Response) -> bytes:
    """Return a head that makes the end of the connection the end of the body.

    No server of ours writes one: each counts the body or sends it in measured chunks.
    """
    lines = [f"HTTP/1.1 {response.status}", f"Content-Type: {response.content_type}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def _write(connection: socket.socket | None, data: bytes) -> None:
    if connection is not None:
        connection.sendall(data)


def _trickled(chunk: bytes, pause: float) -> Iterator[bytes]:
    for index in range(len(chunk)):
        yield chunk[index : index + 1]
        time.sleep(pause)


def _padded(body: bytes, size: int) -> Iterator[bytes]:
    yield body
    left = size - len(body)
    while left > 0:
        yield _BLOCK[:left]
        left -= len(_BLOCK)


def _packed(body: bytes, size: int) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(chunk) for chunk in _padded(body, size)) + packer.flush()


def _hang_up(connection: socket.socket | None) -> None:
    if connection is not None:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The caller hung up first.
    raise ConnectionResetError(errno.ECONNRESET, "the practice bank hung up")


def _reset(connection: socket.socket | None) -> None:
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Lingering for no time resets a connection when its last handle closes. The server holds
        # one and would say goodbye first, so an idle socket takes the handle's place.
        with socket.socket() as idle:
            os.dup2(idle.fileno(), connection.fileno())
    raise ConnectionResetError(errno.ECONNRESET, "the practice bank hung up")
