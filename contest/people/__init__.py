"""People: accounts, signing in, roles, what a public page may show of somebody.

Keeps: accounts, sessions, roles, consents, ways back in. Never keeps: who takes part in what
(editions), a password or a code in clear, why somebody was born when (one date is enough).
Ask:   `queries.account`, `queries.shown_names`, `queries.find_people`, `queries.ref_of`,
       `sessions.Sessions.find`.
Do:    `commands.register_account`, `commands.grant_role`, `commands.hide_name`,
       `sign_in.commands.open_session`, `recovery.commands.reset_sign_in`,
       `consent.commands.sign`.

Sub-rooms: `sign_in/` (doors and limits), `recovery/` (for those who forgot), `consent/`.
In the ledger a person is `Account.ref`, which is random and is not what one signs in with.
"""
