"""A real mail server on loopback that keeps every message."""

import asyncio
import email
import email.policy
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from harness.errors import BootFailed

LOOPBACK: Final = "127.0.0.1"
_START_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Mail:
    """One message, as it was delivered.

    Attributes:
        sender: The envelope's sender.
        recipients: The envelope's recipients.
        subject: What it is about.
        text: What it says.
    """

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str


class MailSink:
    """Accepts all mail; safe to use from several threads."""

    def __init__(self) -> None:
        self._mails: list[Mail] = []
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail", daemon=True)
        self.address = ""

    def start(self) -> None:
        """Listen on a free port; `address` tells which, as `host:port`."""
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        try:
            self.address = f"{LOOPBACK}:{listening.result(_START_SECONDS)}"
        except (OSError, TimeoutError) as error:
            raise BootFailed(f"the mail sink cannot listen on {LOOPBACK}: {error}") from error

    def stop(self) -> None:
        """Stop listening; twice is harmless."""
        if self._loop.is_closed():
            return
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(_START_SECONDS)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_START_SECONDS)
        self._loop.close()

    def messages(self, *, to: str | None = None) -> tuple[Mail, ...]:
        """What has arrived, oldest first; all of it, or what is for one address."""
        with self._lock:
            return tuple(mail for mail in self._mails if to is None or to in mail.recipients)

    def forget(self) -> None:
        """Forget what has arrived: the pods were restored to a moment before."""
        with self._lock:
            self._mails.clear()

    async def handle_DATA(  # noqa: N802 (aiosmtpd finds it by this name)
        self,
        server: SMTP,  # noqa: ARG002 (aiosmtpd's signature)
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Keep a message; aiosmtpd calls this."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        message = email.message_from_bytes(raw, policy=email.policy.default)
        mail = Mail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            subject=str(message["Subject"] or ""),
            text=_text_of(message),
        )
        with self._lock:
            self._mails.append(mail)
        return "250 kept"

    async def _listen(self) -> int:
        self._server = await self._loop.create_server(self._protocol, LOOPBACK, 0)
        return int(self._server.sockets[0].getsockname()[1])

    def _protocol(self) -> SMTP:
        return SMTP(self, hostname="mail.test", enable_SMTPUTF8=True, loop=self._loop)

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    return str(body.get_content()).strip() if body else ""
