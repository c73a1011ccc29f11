"""A gate in a container: `python -m harness.gate`, configured by the environment.

GATE_LINKS          its address on each pod's network: `pod1=198.18.0.2/29 pod2=…`
GATE_PODS           where pods listen: `pod1=198.18.0.3:3000 …`; the harness tells later
GATE_CERTIFICATES   folder with `{host}.pem`, each a key and its certificates; without it the
                    gate makes an authority of its own and writes its certificate to GATE_CA_FILE
GATE_KEYS           PEM file with the private keys of test people; without it private messages
                    cannot be read
GATE_TOKEN          opens the control API; off without it
GATE_RECORD         file for the record of all exchanges; none without it
"""

import logging
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from harness.errors import HarnessError, UsageError
from harness.facts.identity import POD_HOSTS
from harness.gate.api import Api
from harness.gate.authority import Authority, Certificates, IssuedCertificates
from harness.gate.core import Gate
from harness.gate.keys import KeyRing
from harness.gate.links import Links, pod_named
from harness.gate.server import GateServer
from harness.gate.wiretap import Wiretap

_ENDING = (signal.SIGTERM, signal.SIGINT)


def prepare(environment: Mapping[str, str]) -> GateServer:
    """Make a gate as the environment says; it does not listen yet."""
    record, keys = environment.get("GATE_RECORD"), environment.get("GATE_KEYS")
    gate = Gate(
        hosts={host: pod for pod, host in POD_HOSTS.items()},
        wiretap=Wiretap(Path(record) if record else None),
        keys=KeyRing.of_files([Path(keys)] if keys else []),
    )
    links = Links.parse(environment.get("GATE_LINKS", ""))
    server = GateServer(gate, _certificates(environment), links)
    if token := environment.get("GATE_TOKEN"):
        server.control = Api(server, token)
    return server


def main() -> int:
    """Serve until told to end."""
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s", level=logging.INFO)
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        server = prepare(os.environ)
        with server:
            for pod, address in _pods(os.environ.get("GATE_PODS", "")).items():
                server.register(pod_named(pod), address)
            signal.sigwait(_ENDING)
    except HarnessError as error:
        print(f"gate: {error}", file=sys.stderr)  # noqa: T201 (the command's own output)
        return error.exit_status
    return 0


def _certificates(environment: Mapping[str, str]) -> Certificates:
    if folder := environment.get("GATE_CERTIFICATES"):
        return IssuedCertificates(Path(folder))
    return Authority(Path(environment.get("GATE_CA_FILE", "ca.pem")))


def _pods(text: str) -> dict[str, tuple[str, int]]:
    pods = {}
    for each in text.split():
        pod, _, address = each.partition("=")
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal():
            raise UsageError(f"GATE_PODS: {each!r} is no pod", "Write pod1=198.18.0.3:3000")
        pods[pod] = (host, int(port))
    return pods


if __name__ == "__main__":
    sys.exit(main())
