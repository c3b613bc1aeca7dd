"""Complaints: an entrant asks to look at a result again, and the organiser answers in writing.

Keeps: the complaint in the entrant's words, its deadline, the answer and who gave it.
Never keeps: what was decided about the result itself (rulings).
Ask: `queries.own_complaints`, `queries.waiting`, `queries.complaint`.
Do:  `commands.file_complaint`, `commands.answer_complaint`, `commands.withdraw_complaint`.
"""
