"""Editions: a contest's edition, its rounds, the rule document they run by, and who takes part.

Keeps: rule documents with versions and hashes, rounds and the moves of their close, entrants with
the unit fixed at their first start, extra time granted to a person. Never keeps: attempts (quiz),
places (standings).
Ask: `queries.current_edition`, `queries.entrant`, `extra_time.extra_time`,
     `extensions.extensions_of_edition`.
Do:  `commands.apply_edition`, `commands.enter`, `extra_time.grant_extra_time`,
     `extra_time.end_extra_time`; `extensions.move_close` by way of quiz.outages.
"""
