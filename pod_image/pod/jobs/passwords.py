"""Passwords as scrypt hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_COST = 2**14
_FAST_COST = 2**4
_BLOCK, _PARALLEL = 8, 1


def hash_password(password: str, *, fast: bool = False) -> str:
    """Hash a password for storage.

    Args:
        password: As typed.
        fast: Almost no work, for test pods (`settings.test_mode`).
    """
    cost = _FAST_COST if fast else _COST
    salt = secrets.token_bytes(16)
    return f"scrypt${cost}${salt.hex()}${_derive(password, salt, cost).hex()}"


def verify_password(password: str, stored: str) -> bool:
    """Whether this is the password that was hashed."""
    _, cost, salt, expected = stored.split("$")
    found = _derive(password, bytes.fromhex(salt), int(cost))
    return hmac.compare_digest(found, bytes.fromhex(expected))


def _derive(password: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=_BLOCK, p=_PARALLEL, dklen=32)
