"""What every carrier for real servers does, however their requests come to it.

It lives in a thread with an event loop of its own, judges each request by the gate, forwards what
may pass as plain HTTP, and keeps connections for reuse. No pod can block another.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Final, Self

from harness.facts.identity import Party, PodName
from harness.gate.core import Gate
from harness.gate.decode import addressed
from harness.gate.http import Request, Response
from harness.gate.judgement import Judgement
from harness.gate.loop import LoopThread
from harness.gate.recipients import Address, Recipient
from harness.gate.streams import MEBIBYTE

BODY_LIMIT_BYTES: Final = 8 * MEBIBYTE
TIMEOUT: Final = timedelta(seconds=15)

# Private messages are opened in these threads: it costs a millisecond, and sometimes an hCard.
_READERS: Final = 16


class Carrier:
    """Carries the traffic of servers through one gate; a context manager."""

    def __init__(self, gate: Gate, timeout: timedelta = TIMEOUT) -> None:
        """Prepare a carrier; nothing listens before `start`.

        Args:
            gate: Judges and records.
            timeout: How long each step of an exchange with a pod may take. A pod that is slower
                counts as unreachable.
        """
        self.gate = gate
        self._timeout = timeout
        self._recipients: dict[Party, Recipient] = {}
        self._loop = LoopThread("gate")
        self._readers = ThreadPoolExecutor(_READERS, "gate-reader")
        gate.attach(self._deliver)

    def start(self) -> None:
        """Run the event loop; a carrier opens its listeners here."""
        self._loop.start()

    def stop(self) -> None:
        """Close all listeners and connections; twice is harmless."""
        for pod in tuple(self._recipients):
            self.unregister(pod)
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._loop.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def failures(self) -> tuple[str, ...]:
        """What the gate itself was at fault with, so far."""
        return self._loop.failures

    def register(self, pod: PodName, address: Address) -> None:
        """Tell where a pod listens for plain HTTP, now that it runs."""
        self.unregister(pod)
        self._recipients[pod] = Recipient(address, self._timeout)

    def unregister(self, pod: Party) -> None:
        """Forget where a pod listens; requests for it fail at once."""
        self._close(self._recipients.pop(pod, None))

    def _close(self, recipient: Recipient | None) -> None:
        if recipient and self._loop.is_running:
            self._loop.run(recipient.close(), self._timeout)

    async def _carry(self, sender: Party, host: str, request: Request) -> Response:
        with self.gate.wiretap.travelling():
            started = perf_counter()
            judgement = await self._judge(sender, host, request)
            if judgement.answer is None:
                judgement = await self._forwarded(judgement)
            self.gate.finish(judgement, started)
            return judgement.to_send

    async def _judge(self, sender: Party, host: str, request: Request) -> Judgement:
        if addressed(request).recipient_guid is None:
            return self.gate.judge(sender, host, request)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self.gate.judge, sender, host, request)

    async def _forwarded(self, judgement: Judgement) -> Judgement:
        guest = self.gate.guest(judgement.to)
        try:
            if guest is None:
                answer = await self._forward(judgement.to, judgement.request)
            else:  # in a thread: what the scenario wants done first may take its time
                loop = asyncio.get_running_loop()
                asked = partial(guest.answer, judgement.sender, judgement.request)
                answer = await loop.run_in_executor(self._readers, asked)
        except OSError as error:
            return judgement.unreachable(error)
        return judgement.answered(answer)

    async def _forward(self, pod: Party, request: Request) -> Response:
        return await sent(self._recipients.get(pod), request)

    def _deliver(self, pod: Party, request: Request) -> Response:
        return self._loop.run(self._forward(pod, request), self._timeout)


async def sent(recipient: Recipient | None, request: Request) -> Response:
    """What a pod answers; raises `OSError` if it gives no answer, or does not run."""
    if recipient is None:
        raise ConnectionRefusedError("it does not run")
    return await recipient.send(request)
