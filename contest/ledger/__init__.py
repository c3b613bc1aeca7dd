"""Ledger: the append-only list of decisions, each with a height.

Keeps: who decided what about which opaque subject, when, with which digests. Never keeps: names,
contacts, answers, so that a person can be erased while the list stays whole.
Ask: `queries.height`, `queries.entries_of`, `queries.newest_height`.   Do: `commands.append`.
"""
