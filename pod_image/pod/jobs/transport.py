"""The seam to httpx: one function that sends a request and reads a bounded answer."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path

import httpx

from pod.jobs.client import MAX_BODY_BYTES, Headers
from pod.jobs.network import Guarded, Network, deadline

TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = 10.0


class HttpxTransport:
    """Sends over persistent connections, through the proxy if there is one."""

    def __init__(
        self,
        proxy: str | None = None,
        ca_file: Path | None = None,
        allowed: Sequence[Network] = (),
    ) -> None:
        context = ssl.create_default_context(cafile=ca_file)
        transport = httpx.HTTPTransport(verify=context, proxy=proxy, trust_env=False)
        # There is no public way to give it sockets of ours; a test would notice if this one ended.
        transport._pool._network_backend = Guarded(  # noqa: SLF001
            allowed, has_proxy=proxy is not None
        )
        self._client = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            # No compression: a small answer could unfold to an endless one.
            headers={"Accept-Encoding": "identity"},
        )

    def __call__(
        self, method: str, url: str, headers: Headers, body: bytes
    ) -> tuple[int, Headers, bytes]:
        """Send one request.

        Raises:
            ConnectionError: If there is no complete answer.
            TimeoutError: If it takes longer than half a minute.
        """
        try:
            with (
                deadline(TIMEOUT_SECONDS),
                self._client.stream(method, url, headers=headers, content=body) as response,
            ):
                content = _read(response)
                return response.status_code, list(response.headers.multi_items()), content
        except httpx.TimeoutException as error:
            raise TimeoutError(f"no answer in time ({type(error).__name__})") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ConnectionError(str(error) or type(error).__name__) from None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _read(response: httpx.Response) -> bytes:
    """Read until one byte more than is allowed, so that the caller sees that it was too much."""
    content = bytearray()
    for chunk in response.iter_raw():
        content += chunk
        if len(content) > MAX_BODY_BYTES:
            break
    return bytes(content)
