"""The encrypted magic envelope: an envelope that only its recipient can open.

AES-256-CBC around the envelope, RSA PKCS#1 v1.5 around key and IV, standard base64, JSON.

Source: federation protocol section 3.6.
"""

from __future__ import annotations

import binascii
import json
import secrets
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from pod.wire.elements import MAX_BODY_BYTES
from pod.wire.errors import DecryptionFailed, TooLarge

CONTENT_TYPE = "application/json"
KEY_BYTES = 32
IV_BYTES = 16


def wrap(
    envelope: bytes,
    recipient_key: RSAPublicKey,
    *,
    aes_key: bytes | None = None,
    iv: bytes | None = None,
) -> bytes:
    """Encrypt a magic envelope for one recipient.

    Args:
        envelope: The same signed envelope may be wrapped for many.
        recipient_key: The recipient's pinned key.
        aes_key: 32 bytes; fresh and random by default.
        iv: 16 bytes; fresh and random by default.

    Returns:
        The JSON body to be posted.
    """
    aes_key = aes_key or secrets.token_bytes(KEY_BYTES)
    iv = iv or secrets.token_bytes(IV_BYTES)
    padder = PKCS7(AES.block_size).padder()
    encryptor = Cipher(AES(aes_key), CBC(iv)).encryptor()
    padded = padder.update(envelope) + padder.finalize()
    ciphertext = encryptor.update(padded) + encryptor.finalize()
    block = recipient_key.encrypt(_key_json(aes_key, iv), PKCS1v15())
    return _json({"aes_key": block, "encrypted_magic_envelope": ciphertext})


def _key_json(aes_key: bytes, iv: bytes) -> bytes:
    return _json({"key": aes_key, "iv": iv})


def _json(values: dict[str, bytes]) -> bytes:
    texts = {name: b64encode(value).decode() for name, value in values.items()}
    return json.dumps(texts, separators=(",", ":")).encode()


def unwrap(body: bytes, private_key: RSAPrivateKey) -> bytes:
    """Decrypt the body posted for a recipient.

    Nothing vouches for the result before the signature of the envelope inside was verified: CBC
    can be manipulated, and a wrong key may yield garbage.

    Raises:
        TooLarge: If there is too much of it.
        DecryptionFailed: If it cannot be decrypted; the same for every reason.
    """
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"encrypted envelope: {len(body)} bytes, at most {MAX_BODY_BYTES} are read")
    try:
        block, ciphertext = _members(body, "aes_key", "encrypted_magic_envelope")
        # With a wrong key OpenSSL does not fail here but returns random bytes ("implicit
        # rejection"); that they are no JSON with a key and an IV is the failure.
        aes_key, iv = _members(private_key.decrypt(block, PKCS1v15()), "key", "iv")
        return _decrypt(ciphertext, aes_key, iv)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DecryptionFailed("encrypted envelope: cannot be decrypted with this key") from None


def _members(document: bytes, *names: str) -> list[bytes]:
    values = json.loads(document.decode())
    return [_decode(values[name]) for name in names]


def _decode(text: object) -> bytes:
    """Decode standard base64; line breaks, which some senders put in, are skipped."""
    data = "".join(text.split()) if isinstance(text, str) else ""
    if not data:
        raise binascii.Error("no text")
    return b64decode(data, validate=True)


def _decrypt(ciphertext: bytes, aes_key: bytes, iv: bytes) -> bytes:
    if len(aes_key) != KEY_BYTES or len(iv) != IV_BYTES:
        raise ValueError("wrong length of key or IV")
    decryptor = Cipher(AES(aes_key), CBC(iv)).decryptor()
    unpadder = PKCS7(AES.block_size).unpadder()
    padded = decryptor.update(ciphertext) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()
