"""Mail goes to a mail server, and waits while there is none."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pod.app import Core
from tests.pod.pair import Pods, joined


class Sink:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], Message]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"


@pytest.fixture
def port() -> int:
    """One where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def pods(tmp_path: Path, port: int) -> Iterator[Pods]:
    with joined(tmp_path, "pod1", POD_SMTP=f"127.0.0.1:{port}") as pods:
        yield pods


def _write(core: Core) -> None:
    with core.context.work() as work:
        work.mails.add("carol@mail.test", "Your account", "It is available.\nBye", work.now)


def test_a_mail_arrives_as_it_was_written(pods: Pods, port: int) -> None:
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        _write(pods["pod1"])
        pods.settle()
    finally:
        server.stop()
    ((recipients, mail),) = sink.mails
    assert recipients == ["carol@mail.test"]
    assert [mail[name] for name in ("From", "To", "Subject", "Date")] == [
        "no-reply@pod1.test",
        "carol@mail.test",
        "Your account",
        "Thu, 01 Jan 2026 12:00:00 +0000",
    ]
    assert str(mail.get_payload()).splitlines() == ["It is available.", "Bye"]


def test_a_mail_waits_while_there_is_no_mail_server(pods: Pods, port: int) -> None:
    core = pods["pod1"]
    _write(core)
    pods.settle()
    with core.context.work() as work:
        counts = work.mails.counts(core.context.clock.now())
    assert (counts.queued, counts.sleeping) == (0, 1)
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        pods.pass_time(timedelta(seconds=256))
    finally:
        server.stop()
    assert len(sink.mails) == 1
