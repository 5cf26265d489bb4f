"""Decrypt a value that a client sealed for an environment's public key."""

import base64
import binascii

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox


def open_sealed(sealed: str, key: PrivateKey) -> str | None:
    """The plaintext of a sealed box in Base64; None if it is not sealed for this key."""
    try:
        return SealedBox(key).decrypt(base64.b64decode(sealed, validate=True)).decode()
    except (binascii.Error, CryptoError, ValueError, TypeError):
        return None
