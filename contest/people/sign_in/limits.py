"""How often one may try, and from where. Pure.

Tries are counted by what was typed (a code, an address, a number) and by the block of addresses
they come from. By what was typed and not by the account: a name nobody has is then limited just
like a real one, so the limit betrays nothing; and a stranger who knows somebody's e-mail cannot
keep them from signing in with their code. A school's pupils share one address: the block's limit
is wide, and a success gives its try back.
"""

import hashlib
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

import msgspec

from contest.people.contacts import Identifier

WINDOW = timedelta(minutes=15)
TRIES_OF_ONE = 10
TRIES_OF_BLOCK = 300
# A mobile network shows a whole city behind a few addresses, and everybody registers on the first
# evening; this only stops a script.
REGISTRATIONS_OF_BLOCK = 5000
LETTERS_OF_ONE = 3


class Limit(msgspec.Struct, frozen=True):
    """At most `most` tries of a key within WINDOW."""

    key: str
    most: int


def address_block(address: str) -> str:
    """203.0.113.7 → 203.0.113.0/24; an IPv6 address → its /48. "" for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def of_identifier(identifier: Identifier | None, typed: str) -> Limit:
    """By what was typed to sign in; only a digest is kept of it."""
    text = f"{identifier.kind}:{identifier.value}" if identifier else f"?:{typed.strip().lower()}"
    return Limit(f"who:{_short_digest(text)}", TRIES_OF_ONE)


def of_block(address: str, what: str = "sign-in") -> Limit:
    most = REGISTRATIONS_OF_BLOCK if what == "register" else TRIES_OF_BLOCK
    return Limit(f"from:{what}:{address_block(address)}", most)


def of_account(account_id: int) -> Limit:
    """For somebody signed in who must give their password again."""
    return Limit(f"account:{account_id}", TRIES_OF_ONE)


def of_letters(email: str) -> Limit:
    """Nobody's mailbox is filled by a stranger who knows the address."""
    return Limit(f"mail:{_short_digest(email)}", LETTERS_OF_ONE)


def _short_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
