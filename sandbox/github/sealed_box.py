"""Open what a client sealed for an environment's public key."""

import base64
import binascii

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox


def open_sealed(sealed: str, key: PrivateKey) -> str | None:
    """The plaintext of a base64 sealed box; None where it is not one for this key."""
    try:
        return SealedBox(key).decrypt(base64.b64decode(sealed, validate=True)).decode()
    except (binascii.Error, CryptoError, ValueError, TypeError):
        return None
