"""Random secrets and their digests.

A plain SHA-256 is enough for what has 60 random bits or more: nobody can try them all, so the
slowness that a password's hash needs would only cost time. In the database stand digests alone.
"""

import hashlib
import secrets

from contest.infra.chance import Chance, code

RECOVERY_LETTERS = 16  # 80 bits, printed and kept for years
DESK_LETTERS = 12  # 60 bits, valid for a day and within the limits on tries
LINK_LETTERS = 26  # 130 bits
FORM_KEY_LETTERS = 16
_TOKEN_LENGTH = 43  # 32 bytes in base 64


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def new_session_token() -> str:
    """Always the system's randomness, also in the demo: a session must never be foreseen."""
    return secrets.token_urlsafe(32)


def may_be_session_token(text: str) -> bool:
    return len(text) == _TOKEN_LENGTH and text.isascii()


def new_recovery_code(chance: Chance) -> str:
    return code(chance, RECOVERY_LETTERS)


def new_desk_code(chance: Chance) -> str:
    return code(chance, DESK_LETTERS)


def new_link_token(chance: Chance) -> str:
    return code(chance, LINK_LETTERS)


def new_form_key(chance: Chance) -> str:
    return code(chance, FORM_KEY_LETTERS)
