"""CSRF tokens bound to a session, or to a visitor's token before signing in.

The token is an HMAC of what it is bound to, so nothing is kept, and it is masked anew for each
page: a compressed page then gives nothing away by its length (BREACH).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from functools import lru_cache

FIELD = "csrf_token"
HEADER = b"x-csrf-token"
_SIZE = 16


@lru_cache(maxsize=16_384)
def _mac(secret_key: bytes, bound_to: str) -> bytes:
    return hmac.digest(secret_key, b"csrf\0" + bound_to.encode(), hashlib.sha256)[:_SIZE]


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(_SIZE, "big")


def token_for(secret_key: bytes, bound_to: str) -> str:
    mask = secrets.token_bytes(_SIZE)
    masked = _xor(mask, _mac(secret_key, bound_to))
    return base64.urlsafe_b64encode(mask + masked).decode().rstrip("=")


def is_valid(secret_key: bytes, bound_to: str, token: str) -> bool:
    if not bound_to or len(token) > 64:
        return False
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return False
    if len(raw) != 2 * _SIZE:
        return False
    plain = _xor(raw[:_SIZE], raw[_SIZE:])
    return hmac.compare_digest(plain, _mac(secret_key, bound_to))


def sign(secret_key: bytes, purpose: str, text: str) -> str:
    """A short keyed seal of `text` for one purpose; compare with `hmac.compare_digest`."""
    return hmac.new(secret_key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()[:32]
