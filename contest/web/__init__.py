"""Web: what every page stands on: gate, sessions' cookies, CSRF, forms, words, shell, problems.

Knows no room: `app.py` gives it what it needs of them (who holds a session, which edition is on).
"""
