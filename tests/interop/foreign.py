"""The foreign pod, as tests hold it: a process of its own behind the gate, as host peer.test."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from harness.facts.identity import Party
from harness.gate.forge import load
from harness.gate.http import Request, Response
from harness.runtime.local_http import ask
from harness.runtime.processes import Processes
from tests.interop import environment

HOST = "peer.test"
FRIDA = f"frida@{HOST}"
GUID = "f71da0000000013887f10242ac110002"
_SCRIPT = Path(__file__).with_name("tiny_pod.py")
_PATIENCE = timedelta(seconds=60)


class ForeignPod:
    """Speaks to the tiny pod, for the test and for the gate."""

    def __init__(self, process: "subprocess.Popen[str]", key: RSAPrivateKey) -> None:
        """Wait until the tiny pod has told where it listens."""
        assert process.stdout is not None
        self._address = ("127.0.0.1", int(process.stdout.readline()))
        self._key = key

    def answer(self, sender: Party, request: Request) -> Response:
        """What the tiny pod answers to another pod; the gate asks."""
        del sender
        return ask(self._address, HOST, request, _PATIENCE)

    def private_key(self, guid: str) -> RSAPrivateKey | None:
        """Frida's key, so that the gate can read what is addressed to her."""
        return self._key if guid == GUID else None

    def do(self, deed: str, **more: object) -> Any:  # noqa: ANN401 - JSON
        """Let the library do something; raises what it raised."""
        told = self._order(deed, more)
        assert "failed" not in told, told["failed"]
        return told["done"]

    def refusal(self, deed: str, **more: object) -> str:
        """Let the library try what it cannot do; answers the last line of what it says."""
        return str(self._order(deed, more)["failed"]).strip().rpartition("\n")[2]

    def _order(self, deed: str, more: Mapping[str, object]) -> dict[str, Any]:
        body = json.dumps({"do": deed, **more}).encode()
        headers = (("Content-Type", "application/json"),)
        answer = ask(self._address, HOST, Request("POST", "/control", headers, body), _PATIENCE)
        told: dict[str, Any] = json.loads(answer.body)
        return told

    def send(
        self, kind: str, to: Mapping[str, object], *, relay: bool = False, **fields: object
    ) -> None:
        """Let the library send an entity of its own."""
        self.do("send", kind=kind, fields=fields, to=dict(to), relay=relay)

    def received(self) -> list[dict[str, Any]]:
        """What the library made of the messages that came since it was asked last."""
        came: list[dict[str, Any]] = self.do("what_came")
        return came

    def entities(self) -> list[dict[str, Any]]:
        """The entities it understood of what came."""
        return [entity for message in self.received() for entity in message.get("entities", ())]


@contextmanager
def foreign_pod(runtime: Processes, private_key: str) -> Iterator[ForeignPod]:
    """Start the tiny pod and let it in at the gate."""
    own = runtime.scratch / "frida.pem"
    own.write_text(private_key)
    process = subprocess.Popen(  # noqa: S603 - our own script
        [environment.make(), _SCRIPT, HOST, runtime.proxy_for("peer"), own],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SSL_CERT_FILE": str(runtime.scratch / "ca.pem"), "PYTHONPATH": ""},
    )
    try:
        pod = ForeignPod(process, load(private_key))
        runtime.gate.welcome("peer", pod)
        yield pod
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
