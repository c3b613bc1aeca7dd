"""Standings: what the rules make of the answers: scores, places, the board, the act of publishing.

Keeps: settlements, each a whole computation of a round (also trials of proposed rulings), and every
act that made one official. Everything else can be thrown away and computed again from attempts,
answers, keys, rules and rulings.
Ask: `queries.publication`, `queries.own_standing`, `boards.board_lines`, `finding.find_lines`,
     `explanations.steps_of`, `prizes.prize_result`, `adjustments.adjustments`, `proposals.trial`.
Do:  `settle.settle_round`, `settle.try_ruling`, `commands.publish_round`, `commands.decide_ruling`,
     `proposals.propose`.
"""
