"""What can be wrong with bytes from another pod.

WireError
├── TooLarge                 more bytes, elements or depth than we read
├── InvalidXml               not well-formed, or with a DOCTYPE
├── InvalidEnvelope          not a magic envelope
│   └── UnsupportedAlgorithm wrong type, encoding or algorithm
├── BadSignature             a signature that its key did not make
├── MissingSignature         no signature where one is needed
├── DecryptionFailed         an encrypted envelope that is not for us; never says why
├── UnknownEntity            an element name that is no entity
├── InvalidEntity            an entity that breaks a rule
├── InvalidKey               not a public or private RSA key that we accept
└── InvalidDiscovery         WebFinger, hCard or NodeInfo that cannot be used
    └── SubjectMismatch      WebFinger about somebody else (see `pod.wire.discovery`)

Messages name what and where. They contain neither private text nor keys.
"""

from __future__ import annotations

from typing import ClassVar


class WireError(Exception):
    """Something another pod sent cannot be used; `status_hint` is the fitting HTTP status."""

    status_hint: ClassVar[int] = 422


class TooLarge(WireError):
    """More than we are willing to read."""

    status_hint: ClassVar[int] = 413


class InvalidXml(WireError):
    """Not one well-formed document without DOCTYPE."""

    status_hint: ClassVar[int] = 400


class InvalidEnvelope(WireError):
    """Not a magic envelope."""

    status_hint: ClassVar[int] = 400


class UnsupportedAlgorithm(InvalidEnvelope):
    """A type, encoding or algorithm other than the only one there is."""


class BadSignature(WireError):
    """A signature that was not made with the key it should have been made with."""


class MissingSignature(WireError):
    """No signature where one is needed."""


class DecryptionFailed(WireError):
    """Not decryptable with this key. The reason is not told, since it would be an oracle."""

    status_hint: ClassVar[int] = 400


class UnknownEntity(WireError):
    """An element name that is no entity, or none that may be sent on its own."""


class InvalidEntity(WireError):
    """An entity that breaks a rule."""


class InvalidKey(WireError):
    """Not an RSA key that we accept."""


class InvalidDiscovery(WireError):
    """A discovery document that cannot be used."""
