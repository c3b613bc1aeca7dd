"""Bank: questions, their revisions, and the draw of a paper from a pool.

Keeps: questions by pool, every revision ever answered, keys in a table of their own, files as they
came. Never keeps: who drew what (quiz).
Ask: `queries.candidates`, `queries.bodies`, and `queries.keys` only where a key may be seen.
Do:  `commands.load_bank`.
"""
