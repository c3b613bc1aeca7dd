from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Model, RowId


class Representative(Model):
    """A parent or guardian of somebody under 16, with the contact that the child does not hold."""

    __tablename__ = "representatives"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    full_name: Mapped[str] = mapped_column(sa.String(100))
    relation: Mapped[str] = mapped_column(sa.String(20))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(16))
    added_by: Mapped[str] = mapped_column(sa.String(40))
    added_at: Mapped[datetime]


class ConsentPaper(Model):
    """
    A form signed on paper: who signed, when, where the paper lies, who recorded it.

    `scan_key`: where its picture lies in the private storage, "" without one.
    """

    __tablename__ = "consent_papers"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(16), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    representative_id: Mapped[int | None] = mapped_column(sa.ForeignKey("representatives.id"))
    signed_on: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(10))
    kept_where: Mapped[str] = mapped_column(sa.String(200), server_default="")
    scan_key: Mapped[str] = mapped_column(sa.String(80), server_default="")
    recorded_by: Mapped[str] = mapped_column(sa.String(40))
    recorded_at: Mapped[datetime]


class Consent(Model):
    """
    A signature under one purpose: whose, how proved, under which wording, whether withdrawn.

    Two of them make a consent of somebody from 7 to 15; see machine.py. A later signature of the
    same person takes the place of the earlier ("superseded"), which stays as history.
    """

    __tablename__ = "consents"
    __table_args__ = (
        sa.Index(
            "uq_consents_standing",
            "account_id",
            "purpose",
            "signer",
            unique=True,
            sqlite_where=sa.text("withdrawn_at is null"),
            postgresql_where=sa.text("withdrawn_at is null"),
        ),
        sa.CheckConstraint("signer in ('self', 'representative')", name="signer"),
        sa.CheckConstraint(
            "proof in ('account', 'same-phone', 'link', 'paper', 'desk')", name="proof"
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    purpose: Mapped[str] = mapped_column(sa.String(30))
    signer: Mapped[str] = mapped_column(sa.String(20), server_default="self")
    proof: Mapped[str] = mapped_column(sa.String(10), server_default="account")
    representative_id: Mapped[int | None] = mapped_column(sa.ForeignKey("representatives.id"))
    paper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consent_papers.id"))
    wording_version: Mapped[str] = mapped_column(sa.String(20))
    given_by: Mapped[str] = mapped_column(sa.String(40))
    given_at: Mapped[datetime]
    withdrawn_by: Mapped[str | None] = mapped_column(sa.String(40))
    withdrawn_at: Mapped[datetime | None]


class ConsentLink(Model):
    """
    A link sent to a representative's own contact. The id is the digest of its token.

    Until `expires_at` one may sign by it; whoever signed goes on to see and withdraw by it until
    the child is 16 (`ended_at`: replaced by another, or the account was erased).
    """

    __tablename__ = "consent_links"

    id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    representative_id: Mapped[int | None] = mapped_column(sa.ForeignKey("representatives.id"))
    made_by: Mapped[str] = mapped_column(sa.String(40))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Withdrawal(Model):
    """
    A consent that stood was taken back: to be answered and finished within the law's time.

    `height`: of its ledger entry; also what names it at the desk. `purposes`: separated by spaces.
    `by_whom`: self, representative or desk (told there, by letter or by telephone).
    """

    __tablename__ = "withdrawals"
    __table_args__ = (
        sa.Index(
            "ix_withdrawals_open",
            "height",
            sqlite_where=sa.text("finished_at is null"),
            postgresql_where=sa.text("finished_at is null"),
        ),
    )

    height: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    purposes: Mapped[str] = mapped_column(sa.String(120))
    by_whom: Mapped[str] = mapped_column(sa.String(20))
    received_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    finish_due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(sa.String(40))
    finished_at: Mapped[datetime | None]
    finished_by: Mapped[str | None] = mapped_column(sa.String(40))
    note: Mapped[str] = mapped_column(sa.Text, server_default="")
