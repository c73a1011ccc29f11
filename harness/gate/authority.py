"""The run's own certificate authority: what makes the gate `pod1.test` in the pods' eyes."""

import ssl
from pathlib import Path

import trustme


class Authority:
    """Issues certificates for the pods' hosts; made anew for each run, its key never stored."""

    def __init__(self, ca_file: Path) -> None:
        """Make an authority.

        Args:
            ca_file: Where its own certificate goes, as PEM; the pods are told to trust it.
        """
        self.ca_file = ca_file
        self._ca = trustme.CA(organization_name="Seedbed run")
        self._ca.cert_pem.write_to_path(str(ca_file))
        self._contexts: dict[str, ssl.SSLContext] = {}

    def server_context(self, host: str) -> ssl.SSLContext:
        """The TLS settings to speak as a host, with a certificate issued on first use."""
        if host not in self._contexts:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._ca.issue_cert(host).configure_cert(context)
            context.set_alpn_protocols(["http/1.1"])
            self._contexts[host] = context
        return self._contexts[host]
