"""Quiz: practice, and the official attempt from its start to its receipt.

Keeps: attempts with their papers and every answer ever received. Never keeps: scores or places
(standings derives them from here).
Ask: `queries.attempt_page`, `queries.own_attempts`.
Do:  `commands.start_attempt`, `answering.save_answer`, `answering.hand_in`,
     `commands.submit_attempt`, `commands.submit_due`.

Sub-room: `outages/` (time given back: after an outage of ours, or by a later close).
"""
