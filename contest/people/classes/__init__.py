"""Classes: a teacher's pupils, brought in from the school's own list, and their cards.

Keeps: classes, who is in them, lists that wait for the teacher's yes (a day at most).
Never keeps: a card's secret in clear, the list's file, marks or anything else of the school's.
Ask:   `queries.own_classes`, `queries.class_of`, `queries.pupils`, `card_queries.holder`.
Do:    `commands.make_class`, `commands.import_list`, `card_commands.renew_card`,
       `card_commands.print_cards`.
"""
