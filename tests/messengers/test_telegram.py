import json
import logging

import pytest

from pos.messengers import Delivery, Letter, TelegramBot, Trouble
from tests.conftest import BOT_TOKEN
from tests.gateways import wire

HOSTILE = "<b>Till</b> *1* [x](http://evil.example) \u202e\n/start"
LETTER = Letter("-100123", "Alarm", HOSTILE, "k")

TAKEN = wire.message(b'{"ok": true, "result": {"message_id": 5}}')


def bot(server, token=BOT_TOKEN):
    return TelegramBot(server.url, token, seconds=0.4)


def refusal(status, **more):
    told = {"ok": False, "error_code": status, "description": "no", **more}
    return wire.message(json.dumps(told).encode(), status=status)


def send(script):
    with wire.bank(script) as server:
        return bot(server).send(LETTER)


def test_a_message_is_plain_text_to_one_chat():
    with wire.bank(wire.send(TAKEN)) as server:
        assert bot(server).send(LETTER) == Delivery()
    head, _, body = server.heard[0].decode().partition("\r\n\r\n")
    assert head.startswith(f"POST /bot{BOT_TOKEN}/sendMessage HTTP/1.1")
    sent = json.loads(body)
    assert sent["chat_id"] == "-100123" and sent["text"] == f"Alarm\n\n{HOSTILE}"
    assert "parse_mode" not in sent


def test_the_token_is_in_no_log_line_and_no_repr(caplog):
    with caplog.at_level(logging.DEBUG), wire.bank(wire.send(TAKEN)) as server:
        bot(server).send(LETTER)
        bot(server, f"{BOT_TOKEN}x").send(LETTER)
    lines = "\n".join(record.getMessage() for record in caplog.records)
    assert "/bot.../sendMessage -> 200" in lines and BOT_TOKEN not in lines
    assert BOT_TOKEN not in repr(bot(server))


@pytest.mark.parametrize(
    ("status", "trouble", "is_final"),
    [
        (400, Trouble.REFUSED_ADDRESS, True),
        (401, Trouble.REFUSED_KEY, False),
        (403, Trouble.REFUSED_ADDRESS, True),
        (404, Trouble.REFUSED_KEY, False),
        (500, Trouble.BUSY, False),
    ],
)
def test_what_telegram_says_decides_whether_to_try_again(status, trouble, is_final):
    done = send(wire.send(refusal(status)))
    assert (done.trouble, done.is_final) == (trouble, is_final)


@pytest.mark.parametrize(
    ("retry_after", "wait"), [(7, 7), (10**9, 3600), (-5, 0), ("soon", 0), (None, 0), (True, 0)]
)
def test_too_many_messages_wait_as_long_as_is_asked(retry_after, wait):
    done = send(wire.send(refusal(429, parameters={"retry_after": retry_after})))
    assert done == Delivery(Trouble.BUSY, wait)


@pytest.mark.parametrize(
    "answer",
    [
        wire.message(b"<html>"),
        wire.message(b"[]"),
        wire.message(b'{"ok": false}'),
        wire.message(b'{"ok": 1}'),
        wire.message(b"", status=302, Location="http://127.0.0.1:9/"),
        b"nonsense\r\n\r\n",
    ],
)
def test_an_answer_that_says_nothing_is_no_proof(answer):
    assert send(wire.send(answer)) == Delivery(Trouble.SILENT)


def test_no_answer_in_time_is_silence():
    assert send(wire.hang(2)) == Delivery(Trouble.SILENT)


def test_nobody_there_is_unreachable():
    assert TelegramBot("http://127.0.0.1:9", BOT_TOKEN).send(LETTER) == Delivery(
        Trouble.UNREACHABLE
    )


def test_no_token_goes_over_a_line_that_is_not_secret():
    done = TelegramBot("http://telegram.example", BOT_TOKEN).send(LETTER)
    assert done == Delivery(Trouble.UNREACHABLE)


def test_without_a_token_nothing_is_sent():
    assert TelegramBot("http://127.0.0.1:9", "").send(LETTER) == Delivery(Trouble.NOT_SET_UP)
