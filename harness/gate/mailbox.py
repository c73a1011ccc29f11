"""Mail that the pods have sent, and the SMTP protocol that takes it."""

import asyncio
import email
import email.policy
import threading
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as SMTP brought it: the envelope's sender and recipients, and the octets."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


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

    @classmethod
    def read(cls, letter: Letter) -> "Mail":
        """Take the message apart."""
        message = email.message_from_bytes(letter.content, policy=email.policy.default)
        subject = str(message["Subject"] or "")
        return cls(letter.sender, letter.recipients, subject, _text_of(message))


class Mailbox:
    """Keeps all mail; safe to use from several threads."""

    def __init__(self) -> None:
        self._letters: list[Letter] = []
        self._lock = threading.Lock()

    def put(self, letter: Letter) -> None:
        """Keep one more."""
        with self._lock:
            self._letters.append(letter)

    def letters(self, since: int = 0) -> tuple[Letter, ...]:
        """What has arrived, as it came, but for so many of the first."""
        with self._lock:
            return tuple(self._letters[since:])

    def messages(self, *, to: str | None = None) -> tuple[Mail, ...]:
        """What has arrived, oldest first; all of it, or what is for one address."""
        wanted = (each for each in self.letters() if to is None or to in each.recipients)
        return tuple(Mail.read(letter) for letter in wanted)

    def forget(self) -> None:
        """Forget what has arrived: the pods were restored to a moment before."""
        with self._lock:
            self._letters.clear()


class _Clerk:
    """What aiosmtpd hands the mail to."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(  # noqa: N802 (aiosmtpd finds it by this name)
        self,
        server: SMTP,  # noqa: ARG002 (aiosmtpd's signature)
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self._mailbox.put(Letter(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return "250 kept"


def smtp_protocol(mailbox: Mailbox, loop: asyncio.AbstractEventLoop) -> SMTP:
    """The server's side of one SMTP connection."""
    return SMTP(_Clerk(mailbox), hostname="mail.test", enable_SMTPUTF8=True, loop=loop)


def as_text(mailbox: Mailbox) -> str:
    """All mail, newest first, for people to read."""
    return "\n----\n\n".join(map(_letter, reversed(mailbox.messages()))) or "No mail has come.\n"


def _letter(mail: Mail) -> str:
    head = f"To: {', '.join(mail.recipients)}\nFrom: {mail.sender}\nSubject: {mail.subject}"
    return f"{head}\n\n{mail.text}\n"


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    return str(body.get_content()).strip() if body else ""
