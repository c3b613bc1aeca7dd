"""Consent: who agreed to what, in which words, how sure we are of it, and what was taken back.

Keeps: signatures, representatives (parents, guardians), links sent to them, papers, withdrawals.
Never keeps: whether a consent stands. That is computed from signatures, the birth date and the day
(machine.py), because a birthday changes it without anybody doing anything.
Ask:   `queries.states`, `queries.takes_part`, `queries.representatives`.
Do:    `commands.sign`, `commands.withdraw`, `commands.add_representative`.

Each purpose stands alone. The words live in the templates; `WORDING_VERSION` changes with them.
"""

TAKE_PART = "take-part"
NAME_ON_BOARDS = "name-on-boards"
SCHOOL_ON_BOARDS = "school-on-boards"
PUBLISH_RECORDING = "publish-recording"
PRESS = "press"
PURPOSES = (TAKE_PART, NAME_ON_BOARDS, SCHOOL_ON_BOARDS, PUBLISH_RECORDING, PRESS)
# What others than the contest's own people get to see.
PUBLIC_PURPOSES = PURPOSES[1:]

# The day on which the words of the consents were last changed.
WORDING_VERSION = "2026-11-25"
