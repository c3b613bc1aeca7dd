"""Outages: what the organiser gives back to those whom a fault of ours has hit.

Keeps: when we were away in a round, the public reason, and which attempts were given more time or
may be taken again. Ask: `queries.outages_of_round`, `queries.reopened_until`,
`queries.reopened_for`.
Do: `commands.plan_outage` (nothing is written), `commands.make_good_outage`,
`extending.extend_round` for everybody.
"""
