"""Rulings: decisions about a round that change its result: corrected keys, disqualifications.

Keeps: who proposed and decided what, when and for which reason; a ruling is never edited, a later
one lifts it. Never keeps: scores and places (standings computes them again).
Ask: `queries.in_force`, `queries.rulings_of_round`, `queries.entry`.
Do:  `commands.propose_correction`, `propose_disqualification`, `propose_lift`, `decide_ruling`,
     `drop_ruling`.
"""
