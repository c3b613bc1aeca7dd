from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class Account(Model):
    """A person. One sign-in code each; telephone and e-mail may be a whole family's."""

    __tablename__ = "accounts"
    __table_args__ = (
        sa.Index("ix_accounts_name_key", "name_key"),
        sa.Index("ix_accounts_birth", "birth_date", "search_key"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    # In the ledger and in addresses: random, says nothing, opens nothing.
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True)
    # What one signs in with; kept ungrouped, shown as K7QM-2XTA.
    code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    full_name: Mapped[str] = mapped_column(sa.String(100))
    # Order: given name, family name, the rest; digits only (units/sorting.py).
    name_key: Mapped[str] = mapped_column(sa.String(400))
    search_key: Mapped[str] = mapped_column(sa.String(160))
    birth_date: Mapped[date]
    email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    phone: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    ward_id: Mapped[str | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    ward_other: Mapped[str] = mapped_column(sa.String(120), server_default="")
    school_id: Mapped[str | None] = mapped_column(sa.ForeignKey("schools.id"), index=True)
    school_other: Mapped[str] = mapped_column(sa.String(120), server_default="")
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    # Known to be shorter than staff need: their roles sleep until it is changed.
    password_is_short: Mapped[bool] = mapped_column(server_default=sa.false())
    recovery_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    # Digest of the registration form's key: the same form sent twice makes one account.
    form_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    name_hidden_at: Mapped[datetime | None]
    # Only the year is known: the date is then its last day, so nobody is taken for older.
    birth_is_year: Mapped[bool] = mapped_column(server_default=sa.false())
    # Of letters to the person: vi or en.
    language: Mapped[str] = mapped_column(sa.String(2), server_default="vi")
    # The person is gone; the row stays for the entries under their codes.
    erased_at: Mapped[datetime | None]


class RoleGrant(Model):
    """A role somebody was given, where it holds, and who gave and took it."""

    __tablename__ = "role_grants"
    __table_args__ = (
        sa.Index(
            "uq_role_grants_held",
            "account_id",
            "role",
            "scope",
            "scope_ref",
            unique=True,
            sqlite_where=sa.text("ended_at is null"),
            postgresql_where=sa.text("ended_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(sa.String(20))
    scope: Mapped[str] = mapped_column(sa.String(10))
    scope_ref: Mapped[str] = mapped_column(sa.String(64), server_default="")
    granted_by: Mapped[str] = mapped_column(sa.String(40))
    granted_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(sa.String(40))
    ended_at: Mapped[datetime | None]


class SessionRow(Model):
    """Somebody signed in on a device. The id is the digest of the cookie's token."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInTry(Model):
    """How often something was tried since `window_start`; one row a key, gone after a day."""

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int]


class PasswordReset(Model):
    """A way back in that works once: a link sent by mail, or a code given at the desk."""

    __tablename__ = "password_resets"
    __table_args__ = (sa.CheckConstraint("way in ('mail', 'desk')", name="way"),)

    id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    way: Mapped[str] = mapped_column(sa.String(4))
    made_by: Mapped[str] = mapped_column(sa.String(40))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
