"""A gate that carries between real sockets, and what a test needs to use it."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from harness.facts.identity import POD_HOSTS, PodName
from harness.gate import Gate, KeyRing, Wiretap
from harness.gate.authority import Authority
from harness.gate.http import Request, Response
from harness.gate.proxy import GateProxy
from tests.harness.gate.letters import pems, person
from tests.harness.gate.pods import SmallPod, accept, small_pod

CAROL = person("carol", "pod1")
ALICE = person("alice", "pod2")
HOSTS: dict[str, PodName] = {host: pod for pod, host in POD_HOSTS.items()}
URL = "https://pod2.test/receive/public"


@dataclass
class Stage:
    """A gate that carries, and what a test needs to use it."""

    proxy: GateProxy
    authority: Authority
    folder: Path
    stack: ExitStack

    @property
    def gate(self) -> Gate:
        return self.proxy.gate

    def pod(self, name: PodName, answer: Callable[[Request], Response] = accept) -> SmallPod:
        """Run a pod until the test ends."""
        pod = self.stack.enter_context(small_pod(self.folder / f"{name}.sock", answer))
        self.proxy.register(name, pod.address)
        return pod

    def client(self, sender: PodName = "pod1") -> httpx.Client:
        """The HTTP client of a pod, which trusts nothing but the run's authority."""
        trust = ssl.create_default_context(cafile=self.authority.ca_file)
        client = httpx.Client(proxy=self.proxy.proxy_url(sender), verify=trust, trust_env=False)
        return self.stack.enter_context(client)

    def raw_client(self) -> HTTPSConnection:
        """The standard library's client, which sends what it is told, from pod1 to pod2."""
        trust = ssl.create_default_context(cafile=self.authority.ca_file)
        gate = urlsplit(self.proxy.proxy_url("pod1"))
        client = HTTPSConnection(gate.hostname or "", gate.port, context=trust)
        client.set_tunnel("pod2.test")
        return client

    def send_raw(self, request: Request) -> Response:
        """Send a request as it stands, by a client that keeps the order of headers."""
        client = self.raw_client()
        client.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            client.putheader(name, value.encode("latin-1"))
        client.endheaders(request.body)
        with closing(client), client.getresponse() as answer:
            return Response(answer.status, tuple(answer.getheaders()), answer.read())


@contextmanager
def staged(
    folder: Path, timeout: timedelta = timedelta(seconds=15), keys: KeyRing | None = None
) -> Iterator[Stage]:
    with ExitStack() as stack:
        wiretap = stack.enter_context(Wiretap(folder / "wire.jsonl"))
        gate = Gate(HOSTS, wiretap, keys or KeyRing(pems("pod2")))
        authority = Authority(folder / "ca.pem")
        proxy = stack.enter_context(GateProxy(gate, authority, timeout=timeout))
        yield Stage(proxy, authority, folder, stack)
