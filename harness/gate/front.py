"""The front: where people look at the pods with a browser. It is no traffic between pods."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import h11

from harness.facts.identity import POD_NAMES, PodName
from harness.gate.http import BAD_GATEWAY, Request, Response, header
from harness.gate.streams import MEBIBYTE, Wire, serve

UPLOAD_LIMIT_BYTES: Final = 64 * MEBIBYTE

PATIENCE: Final = timedelta(minutes=2)  # the slowest thing a pod may be asked: a restore

Forward = Callable[[PodName, Request], Awaitable[Response]]


class Front:
    """Passes plain HTTP on to the pod that the Host header names."""

    def __init__(self, forward: Forward) -> None:
        self._forward = forward

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        await serve(Wire(h11.SERVER, reader, writer, PATIENCE), self.answer, UPLOAD_LIMIT_BYTES)

    async def answer(self, request: Request) -> Response:
        """Pass one request on, or say why not."""
        pod = pod_of(header(request.headers, "host") or "")
        if pod is None:
            names = "".join(f"http://{name}.localhost/\n" for name in POD_NAMES)
            return Response.of_the_gate(404, f"Name a pod in the address, at this port:\n{names}")
        if request.is_oversized:
            return Response.of_the_gate(413, f"gate: more than {UPLOAD_LIMIT_BYTES} bytes\n")
        try:
            return await self._forward(pod, request)
        except OSError as error:
            return Response.of_the_gate(BAD_GATEWAY, f"gate: {pod} is unreachable: {error}\n")


def pod_of(host: str) -> PodName | None:
    """The pod meant by `pod1.localhost:8080`, `pod1.test` or `pod1`; None for other hosts."""
    name = host.partition(":")[0].removesuffix(".localhost").removesuffix(".test")
    return next((pod for pod in POD_NAMES if pod == name), None)
