"""Mail over SMTP."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING

from pod.domain.errors import Later
from pod.jobs import backoff
from pod.store.mails import Mail

if TYPE_CHECKING:
    from pod.jobs.context import Context

TIMEOUT_SECONDS = 30

Mailer = Callable[[EmailMessage], None]
"""Hands a message to a mail server; raises `Later` if that fails."""

log = logging.getLogger(__name__)


def smtp_mailer(server: tuple[str, int]) -> Mailer:
    """A mailer for one server."""
    return partial(_send, server)


def _send(server: tuple[str, int], message: EmailMessage) -> None:
    try:
        with smtplib.SMTP(*server, timeout=TIMEOUT_SECONDS) as connection:
            connection.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise Later(f"mail server {server[0]}:{server[1]}: {error}") from None


def message_of(mail: Mail, host: str, now: datetime) -> EmailMessage:
    """The mail as it goes out; a repeated attempt has the same message ID."""
    message = EmailMessage()
    message["From"] = f"no-reply@{host.partition(':')[0]}"
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<mail-{mail.id}@{host.partition(':')[0]}>"
    message.set_content(mail.text)
    return message


def send(context: Context, mail: Mail) -> None:
    """Send a claimed mail, or plan another attempt."""
    now = context.clock.now()
    try:
        context.mailer(message_of(mail, context.settings.host, now))
    except Later as error:
        log.warning("event=mail_failed mail=%s reason=%s", mail.id, error)
        _retry(context, mail)
        return
    with context.work() as work:
        work.mails.finish(mail.id)
    log.info("event=mailed mail=%s", mail.id)


def _retry(context: Context, mail: Mail) -> None:
    delay = backoff.after_failure(mail.attempts + 1)
    with context.work() as work:
        if delay is None:
            work.mails.abandon(mail.id)
        else:
            work.mails.retry(mail.id, context.clock.now() + delay)
