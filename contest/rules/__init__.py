"""Rules: what the rule document of an edition says, and the arithmetic that follows from it.

Keeps: nothing. Every function here is pure: no clock, no chance, no database, no file.
Ask:   document.parse_edition, changes.changes, eligibility.may_enter, scoring.score_paper,
       predictions.parse_prediction, ranking.rank, explanation.explain, prizes.award,
       ages.age_group, replay.replay.
"""
