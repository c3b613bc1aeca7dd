"""Standings: what the rules make of the answers: scores, places, the board, the act of publishing.

Keeps: settlements, each a whole computation of a round, and which one was published. Everything
here can be thrown away and computed again from attempts, answers, keys and rules.
Ask: `queries.publication`, `queries.board_page`, `queries.own_standing`.
Do:  `settle.settle_round`, `commands.publish_round`.
"""
