"""Sign-in: sessions, the password, and how often one may try.

Ask:   `queries.session_of`, `queries.candidates`.
Do:    `commands.count_try`, `commands.open_session`, `commands.end_session`,
       `commands.end_all_sessions`, `commands.change_password`.
"""
