"""Editions: a contest's edition, its rounds, the rule document they run by, and who takes part.

Keeps: rule documents with versions and hashes, rounds, entrants with the unit fixed at their
first start. Never keeps: attempts (quiz), places (standings).
Ask: `queries.current_edition`, `queries.entrant`.
Do:  `commands.apply_edition`, `commands.enter`.
"""
