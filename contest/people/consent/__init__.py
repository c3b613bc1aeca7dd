"""Consent: what a person agreed to, in which words, and what they took back.

Ask:   `queries.has_consented`.   Do: `commands.give_consents`, `commands.set_consent`.

Each purpose stands alone. The words live in the templates; `WORDING_VERSION` changes with them.
"""

TAKE_PART = "take-part"
NAME_ON_BOARDS = "name-on-boards"
PURPOSES = (TAKE_PART, NAME_ON_BOARDS)

# The day on which the words of the consents were last changed.
WORDING_VERSION = "2026-11-24"
