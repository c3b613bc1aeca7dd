"""Several people share a telephone and a password: which of them is it?

What was proved travels in a sealed token for a few minutes, bound to the visitor who proved it.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from contest.infra.clock import to_ms
from contest.web.csrf import sign

LIFETIME = timedelta(minutes=5)
_PURPOSE = "people.choose_account"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Who was proved to be there, and whether the device is shared."""

    refs: list[str]
    shared_device: bool


def seal_choice(
    secret_key: bytes, visitor: str, refs: Sequence[str], *, shared_device: bool, now: datetime
) -> str:
    text = f"{','.join(refs)}.{to_ms(now + LIFETIME)}.{int(shared_device)}"
    return f"{text}.{sign(secret_key, _PURPOSE, f'{visitor}.{text}')}"


def open_choice(secret_key: bytes, visitor: str, token: str, *, now: datetime) -> Choice | None:
    """None: not ours, not this visitor's, or too old."""
    text, _, seal = token.rpartition(".")
    expected = sign(secret_key, _PURPOSE, f"{visitor}.{text}")
    if not text or not hmac.compare_digest(seal.encode(), expected.encode()):
        return None
    refs, until_ms, shared = text.split(".")
    if int(until_ms) <= to_ms(now):
        return None
    return Choice(refs=refs.split(","), shared_device=shared == "1")
