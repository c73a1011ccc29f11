"""The two names of the network: diaspora IDs of people and GUIDs of people and entities.

Both are strings that were checked when they were made, so a function that takes one need not check
again. They are compared byte for byte; only what a person types is normalised.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

MAX_LENGTH = 255

# Labels of letters, digits and dashes (a dotted quad is a special case), or an IPv6 address.
_HOST = re.compile(r"(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[([0-9a-f:.]+)\])(?::([0-9]{1,5}))?")
_USERNAME = re.compile(r"[a-z0-9._-]+")
_MAX_PORT = 65535
_GUID = re.compile(r"[0-9A-Za-z\-_@.:]{15,254}[0-9A-Za-z]")


class InvalidIdentity(ValueError):
    """A text that is no diaspora ID or no GUID."""


def is_host(text: str) -> bool:
    """Whether this is a host, with a port or without, as an ID may name it.

    What has the form of an address but is none would break whoever takes it apart later.
    """
    found = _HOST.fullmatch(text)
    if found is None:
        return False
    address, port = found.groups()
    try:
        if address is not None:
            IPv6Address(address)
    except AddressValueError:
        return False
    return port is None or 0 < int(port) <= _MAX_PORT


def _is_diaspora_id(text: str) -> bool:
    username, _, host = text.partition("@")
    return _USERNAME.fullmatch(username) is not None and is_host(host)


class DiasporaId(str):
    """A person's address, `username@host[:port]`, lower case and ASCII.

    Look-alike letters outside ASCII are refused. Source: federation protocol section 1.1.
    """

    __slots__ = ()

    def __new__(cls, value: str) -> DiasporaId:
        """Check the value, unless it was checked before.

        Raises:
            InvalidIdentity: If the text is not a diaspora ID.
        """
        if type(value) is cls:
            return value
        if len(value) > MAX_LENGTH or not _is_diaspora_id(value):
            raise InvalidIdentity(f"{value[:MAX_LENGTH]!r} is no diaspora ID: expected name@host")
        return super().__new__(cls, value)

    @property
    def username(self) -> str:
        """The part before the @."""
        return self.partition("@")[0]

    @property
    def host(self) -> str:
        """Everything after the @, the port included."""
        return self.partition("@")[2]


class Guid(str):
    """The network-wide name of a person or an entity; 16 to 255 characters, case-sensitive.

    Source: federation protocol section 1.2.
    """

    __slots__ = ()

    def __new__(cls, value: str) -> Guid:
        """Check the value, unless it was checked before.

        Raises:
            InvalidIdentity: If the text is not a GUID.
        """
        if type(value) is cls:
            return value
        if _GUID.fullmatch(value) is None:
            raise InvalidIdentity(
                f"{value[:MAX_LENGTH]!r} is no GUID: expected 16 to 255 of its letters"
            )
        return super().__new__(cls, value)


def parse_user_input(text: str) -> DiasporaId:
    """Read an ID as a person types it: with white space, `acct:` or capitals.

    Raises:
        InvalidIdentity: If what remains is not a diaspora ID.
    """
    return DiasporaId(text.strip().removeprefix("acct:").lower())
