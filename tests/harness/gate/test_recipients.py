"""The gate's connections to pods are kept for reuse, and none outlives what it was made for."""

import asyncio
from datetime import timedelta
from pathlib import Path

from harness.gate.http import Request
from harness.gate.recipients import Recipient

REQUEST = Request("GET", "/", (("Host", "pod2.test"),))
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
SOON = timedelta(seconds=10)


class Pod:
    """Answers one connection when told to, and notes when it is closed."""

    def __init__(self) -> None:
        self.asked, self.may_answer, self.left = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked.set()
        await self.may_answer.wait()
        writer.write(ACCEPTED)
        await reader.read()  # until the gate has closed the connection
        self.left.set()
        writer.close()


def test_a_connection_in_use_while_its_pod_is_forgotten_is_closed_after_its_exchange(
    tmp_path: Path,
) -> None:
    async def forgotten_meanwhile() -> int:
        pod = Pod()
        async with await asyncio.start_unix_server(pod.visit, tmp_path / "pod.sock"):
            recipient = Recipient(tmp_path / "pod.sock", SOON)
            exchange = asyncio.ensure_future(recipient.send(REQUEST))
            async with asyncio.timeout(SOON.total_seconds()):
                await pod.asked.wait()
                await recipient.close()
                pod.may_answer.set()
                answer = await exchange
                await pod.left.wait()
        return answer.status

    assert asyncio.run(forgotten_meanwhile()) == 202
