import email
import email.policy
import socket
import time
from dataclasses import replace

import pytest

from pos.messengers import Delivery, Letter, MailServer, Paper, Trouble
from pos.messengers.mail import Tls
from tests.conftest import MAIL_PASSWORD
from tests.gateways import certificates
from tests.mailing import mail_host

LETTER = Letter("boss@shop.example", "ម៉ាស៊ីន: Alarm", "ប្រាក់ 1\n.\nend", "khqr-pos-7")


def server(port, tls=Tls.NONE, **more):
    usual = {"host": "127.0.0.1", "sender": "till@shop.example", "step_seconds": 0.3}
    return MailServer(port=port, tls=tls, **{**usual, **more})


def only_mail(host):
    (text,) = host.mails
    return email.message_from_string(text, policy=email.policy.default)


def test_a_mail_arrives_whole_with_its_khmer():
    with mail_host() as host:
        assert server(host.port).send(LETTER) == Delivery()
    mail = only_mail(host)
    assert (mail["To"], mail["Subject"]) == ("boss@shop.example", LETTER.title)
    assert mail["Message-ID"] == "<khqr-pos-7@shop.example>"
    assert "ប្រាក់ 1" in mail.get_content() and mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("title", ["Hello\r\nBcc: x@evil.example", "a\0b\nTo: y@evil.example"])
def test_a_title_cannot_become_another_header(title):
    with mail_host() as host:
        server(host.port).send(Letter("boss@shop.example", title, "text", "k"))
    mail = only_mail(host)
    assert mail["Bcc"] is None and mail["To"] == "boss@shop.example" and mail["Subject"]
    assert [line for line in host.heard if line.startswith("rcpt")] == [
        "rcpt TO:<boss@shop.example>"
    ]


@pytest.mark.parametrize(
    ("answers", "trouble", "is_final"),
    [
        ({"RCPT": "550 no such box"}, Trouble.REFUSED_ADDRESS, True),
        ({"RCPT": "450 later"}, Trouble.BUSY, False),
        ({"MAIL": "550 not you"}, Trouble.REFUSED, True),
        ({"END": "554 spam"}, Trouble.REFUSED, True),
        ({"DATA": "451 later"}, Trouble.BUSY, False),
        ({"AUTH": "535 wrong"}, Trouble.REFUSED_KEY, False),
        ({"HELLO": "421 closed"}, Trouble.SILENT, False),
        ({"HELLO": "garbage"}, Trouble.SILENT, False),
        ({"END": ""}, Trouble.SILENT, False),
    ],
)
def test_what_a_server_says_decides_whether_to_try_again(answers, trouble, is_final):
    with mail_host(answers) as host:
        done = server(host.port, user="till", password=MAIL_PASSWORD).send(LETTER)
    assert (done.trouble, done.is_final) == (trouble, is_final)


def test_nobody_there_is_told_from_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert server(port).send(LETTER) == Delivery(Trouble.UNREACHABLE)


def test_a_server_that_trickles_is_left_after_a_while():
    began = time.monotonic()
    with mail_host(trickle_seconds=0.1) as host:
        done = server(host.port, whole_seconds=0.5, step_seconds=5).send(LETTER)
        assert not done.is_sent and time.monotonic() - began < 3


def test_a_paper_goes_with_the_mail_under_its_name():
    paper = Paper("Z 7, កុង\n1.pdf", b"%PDF-1.4 \x00\xff end")
    with mail_host() as host:
        assert server(host.port).send(replace(LETTER, paper=paper)) == Delivery()
    (sent,) = only_mail(host).iter_attachments()
    assert (sent.get_content_type(), sent.get_filename()) == ("application/pdf", "Z 7, កុង 1.pdf")
    assert sent.get_content() == paper.body
    assert "ប្រាក់ 1" in only_mail(host).get_body().get_content()


def test_no_password_goes_over_a_line_that_is_not_secret():
    with mail_host() as host:
        done = server(host.port, Tls.STARTTLS, user="till", password=MAIL_PASSWORD).send(LETTER)
    assert done == Delivery(Trouble.NO_TLS) and host.logins == [] and host.mails == []


def test_plain_lines_go_to_this_machine_only():
    done = server(25, host="mail.shop.example").send(LETTER)
    assert done == Delivery(Trouble.NO_TLS)


def test_a_server_that_cannot_prove_itself_is_told_nothing(tmp_path):
    tls = certificates.server(None, tmp_path, ip="127.0.0.1")
    with mail_host(tls=tls) as host:
        done = server(host.port, Tls.STARTTLS, user="till", password=MAIL_PASSWORD).send(LETTER)
    assert done == Delivery(Trouble.NO_TLS) and host.logins == []


def test_a_server_that_proves_itself_gets_password_and_mail(tmp_path, monkeypatch):
    authority = certificates.signer("ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority_file(authority, tmp_path)))
    with mail_host(tls=certificates.server(authority, tmp_path, ip="127.0.0.1")) as host:
        done = server(host.port, Tls.STARTTLS, user="till", password=MAIL_PASSWORD).send(LETTER)
    assert done == Delivery() and host.logins == [f"\0till\0{MAIL_PASSWORD}"]


def test_without_a_server_nothing_is_sent():
    assert server(25, host="").send(LETTER) == Delivery(Trouble.NOT_SET_UP)


def test_the_password_is_in_no_repr():
    assert MAIL_PASSWORD not in repr(server(25, password=MAIL_PASSWORD))
