"""The run's own certificate authority: what makes the gate `pod1.test` in the pods' eyes."""

import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from harness.errors import UsageError


class Certificates(Protocol):
    """Lets the gate speak as a host."""

    def server_context(self, host: str) -> ssl.SSLContext:
        """The TLS settings to speak as a host."""
        ...


class Authority:
    """Issues certificates for the pods' hosts; made anew for each run, its key never stored."""

    def __init__(self, ca_file: Path) -> None:
        """Make an authority.

        Args:
            ca_file: Where its own certificate goes, as PEM; the pods are told to trust it.
        """
        # Imported here: a gate that is given its certificates need not wait for it.
        import trustme

        self.ca_file = ca_file
        self._ca = trustme.CA(organization_name="Seedbed run")
        self._ca.cert_pem.write_to_path(str(ca_file))
        self._contexts: dict[str, ssl.SSLContext] = {}

    def server_context(self, host: str) -> ssl.SSLContext:
        """The TLS settings to speak as a host, with a certificate issued on first use."""
        if host not in self._contexts:
            context = _server_side()
            self._ca.issue_cert(host).configure_cert(context)
            self._contexts[host] = context
        return self._contexts[host]

    def write_certificates(self, hosts: Iterable[str], folder: Path) -> None:
        """Write each host's certificate and its key to `{host}.pem`, for a gate elsewhere."""
        for host in hosts:
            self._ca.issue_cert(host).private_key_and_cert_chain_pem.write_to_path(
                str(folder / f"{host}.pem")
            )


class IssuedCertificates:
    """Certificates that an `Authority` has written to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._contexts: dict[str, ssl.SSLContext] = {}

    def server_context(self, host: str) -> ssl.SSLContext:
        """The TLS settings to speak as a host; `UsageError` if there is no certificate for it."""
        if host not in self._contexts:
            context = _server_side()
            try:
                context.load_cert_chain(self._folder / f"{host}.pem")
            except OSError as error:
                raise UsageError(f"there is no certificate for {host} in {self._folder}") from error
            self._contexts[host] = context
        return self._contexts[host]


def _server_side() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    return context
