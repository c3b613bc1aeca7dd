"""Recovery: three ways back in for those who forgot: a letter, a printed code, the desk.

Ask:   `queries.accounts_with_email`, `queries.way_in`.
Do:    `commands.start_password_reset`, `commands.use_password_reset`, `commands.use_recovery_code`,
       `commands.renew_recovery_code`, `commands.reset_sign_in`.

Each way works once, keeps digests only, and ends every session of the account.
"""
