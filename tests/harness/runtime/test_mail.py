"""The mail sink takes real mail."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from harness.runtime.mail import Mail, MailSink


@pytest.fixture
def sink() -> Iterator[MailSink]:
    sink = MailSink()
    sink.start()
    yield sink
    sink.stop()


def send(sink: MailSink, to: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "pod@pod2.test", to, "Grüße"
    message.set_content(text)
    host, _, port = sink.address.rpartition(":")
    with smtplib.SMTP(host, int(port)) as smtp:
        smtp.send_message(message)


def test_mail_can_be_read_by_whom_it_is_for(sink: MailSink) -> None:
    send(sink, "christy@mail.test", "Your account is available ✓")
    send(sink, "bob@mail.test", "Hello")
    assert sink.messages(to="christy@mail.test") == (
        Mail("pod@pod2.test", ("christy@mail.test",), "Grüße", "Your account is available ✓"),
    )
    assert [mail.text for mail in sink.messages()] == ["Your account is available ✓", "Hello"]


def test_mail_is_forgotten_when_asked(sink: MailSink) -> None:
    send(sink, "bob@mail.test", "Hello")
    sink.forget()
    assert sink.messages() == ()


def test_two_sinks_do_not_share_a_port(sink: MailSink) -> None:
    other = MailSink()
    other.start()
    assert other.address != sink.address
    other.stop()
    other.stop()
