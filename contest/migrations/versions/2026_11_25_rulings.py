"""Rulings, complaints, outages, extra time; what a board needs to explain and find every line."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "rulings"
down_revision = "first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("reopen_until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("annulled", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("began_at < ended_at", name=op.f("ck_outages_length")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_outages_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
        sa.UniqueConstraint("code", name=op.f("uq_outages_code")),
    )
    op.create_index(op.f("ix_outages_round_id"), "outages", ["round_id"], unique=False)

    op.create_table(
        "round_extensions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closes_before", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_extensions_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_extensions")),
    )
    op.create_index(
        op.f("ix_round_extensions_round_id"), "round_extensions", ["round_id"], unique=False
    )

    op.create_table(
        "extra_times",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.String(length=40), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("percent in (25, 50, 100)", name=op.f("ck_extra_times_percent")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_extra_times_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_extra_times_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_times")),
    )
    op.create_index(op.f("ix_extra_times_account_id"), "extra_times", ["account_id"], unique=False)
    op.create_index(
        "uq_extra_times_held",
        "extra_times",
        ["edition_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )

    op.create_table(
        "rulings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("lifts_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("masks", sa.String(length=200), server_default="[]", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("dropped_by", sa.String(length=40), nullable=True),
        sa.Column("dropped_at", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(revision_id is not null) = (kind in ('accept-also', 'give-all', 'void')) and (entrant_id is not null) = (kind = 'disqualify') and (lifts_id is not null) = (kind = 'lift')",
            name=op.f("ck_rulings_subject"),
        ),
        sa.CheckConstraint(
            "kind in ('accept-also', 'give-all', 'void', 'disqualify', 'lift')",
            name=op.f("ck_rulings_kind"),
        ),
        sa.CheckConstraint(
            "(decided_at is null) = (height is null)", name=op.f("ck_rulings_decided_in_ledger")
        ),
        sa.CheckConstraint(
            "decided_at is null or dropped_at is null", name=op.f("ck_rulings_one_end")
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"], ["entrants.id"], name=op.f("fk_rulings_entrant_id_entrants")
        ),
        sa.ForeignKeyConstraint(
            ["lifts_id"], ["rulings.id"], name=op.f("fk_rulings_lifts_id_rulings")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revisions.id"],
            name=op.f("fk_rulings_revision_id_question_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_rulings_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
        sa.UniqueConstraint("code", name=op.f("uq_rulings_code")),
    )
    op.create_index(op.f("ix_rulings_entrant_id"), "rulings", ["entrant_id"], unique=False)
    op.create_index("ix_rulings_round", "rulings", ["round_id", "decided_at"], unique=False)

    op.create_table(
        "complaints",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.String(length=40), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("ruling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("outcome in ('upheld', 'rejected')", name=op.f("ck_complaints_outcome")),
        sa.CheckConstraint(
            "(answered_at is null) = (outcome is null)",
            name=op.f("ck_complaints_outcome_with_answer"),
        ),
        sa.CheckConstraint(
            "answered_at is null or withdrawn_at is null", name=op.f("ck_complaints_one_end")
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"], ["entrants.id"], name=op.f("fk_complaints_entrant_id_entrants")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_complaints_round_id_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["ruling_id"], ["rulings.id"], name=op.f("fk_complaints_ruling_id_rulings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("code", name=op.f("uq_complaints_code")),
    )
    op.create_index(op.f("ix_complaints_entrant_id"), "complaints", ["entrant_id"], unique=False)
    op.create_index(
        "ix_complaints_waiting",
        "complaints",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("answered_at is null and withdrawn_at is null"),
        postgresql_where=sa.text("answered_at is null and withdrawn_at is null"),
    )
    op.create_index(
        "uq_complaints_open",
        "complaints",
        ["round_id", "entrant_id"],
        unique=True,
        sqlite_where=sa.text("answered_at is null and withdrawn_at is null"),
        postgresql_where=sa.text("answered_at is null and withdrawn_at is null"),
    )

    op.create_table(
        "outage_attempts",
        sa.Column(
            "outage_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("lost_ms", sa.Integer(), nullable=False),
        sa.Column("deadline_before", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "effect in ('extended', 'annulled')", name=op.f("ck_outage_attempts_effect")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_outage_attempts_attempt_id_attempts")
        ),
        sa.ForeignKeyConstraint(
            ["outage_id"], ["outages.id"], name=op.f("fk_outage_attempts_outage_id_outages")
        ),
        sa.PrimaryKeyConstraint("outage_id", "attempt_id", name=op.f("pk_outage_attempts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outage_attempts_attempt", "outage_attempts", ["attempt_id"], unique=False)

    op.create_table(
        "board_groups",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ward_id", sa.String(length=20), nullable=False),
        sa.Column("age_group", sa.SmallInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_board_groups_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint(
            "settlement_id", "ward_id", "age_group", name=op.f("pk_board_groups")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "board_names",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_board_names_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("settlement_id", "key", "line", name=op.f("pk_board_names")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "board_names_heights",
        sa.Column(
            "settlement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_board_names_heights_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_board_names_heights")),
    )
    op.create_table(
        "question_figures",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revisions.id"],
            name=op.f("fk_question_figures_revision_id_question_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_question_figures_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("settlement_id", "revision_id", name=op.f("pk_question_figures")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "standing_ties",
        sa.Column(
            "settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_standing_ties_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint(
            "settlement_id", "step", "first_line", name=op.f("pk_standing_ties")
        ),
        sqlite_with_rowid=False,
    )
    op.add_column("attempts", sa.Column("annulled_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "attempts",
        sa.Column("revisions", sa.LargeBinary(), server_default=sa.text("''"), nullable=False),
    )
    _pack_revisions()
    op.create_index("ix_attempts_started", "attempts", ["round_id", "started_at"], unique=False)
    _standings_without_indexes()
    op.create_table(
        "entrant_lines",
        sa.Column("settlement_id", _ROW_ID, nullable=False),
        sa.Column("entrant_id", _ROW_ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_entrant_lines_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("settlement_id", "entrant_id", name=op.f("pk_entrant_lines")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "insert into entrant_lines (settlement_id, entrant_id, line) "
        "select settlement_id, entrant_id, line from standings order by 1, 2"
    )
    op.create_table(
        "board_blocks",
        sa.Column("settlement_id", _ROW_ID, nullable=False),
        sa.Column("list_name", sa.String(length=40), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_board_blocks_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint(
            "settlement_id", "list_name", "block", name=op.f("pk_board_blocks")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("settlements") as settlements:
        settlements.add_column(
            sa.Column("is_trial", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        settlements.add_column(sa.Column("ruling_id", _ROW_ID, nullable=True))
        settlements.add_column(sa.Column("form", sa.Integer(), server_default="1", nullable=False))
        settlements.add_column(
            sa.Column("disqualified", sa.Integer(), server_default="0", nullable=False)
        )
        settlements.add_column(sa.Column("effect", sa.Text(), server_default="", nullable=False))
        settlements.create_index(op.f("ix_settlements_ruling_id"), ["ruling_id"], unique=False)
        settlements.create_foreign_key(
            op.f("fk_settlements_ruling_id_rulings"), "rulings", ["ruling_id"], ["id"]
        )
    # Few rows, and another primary key: copied by hand, which is the same on both databases.
    kept = _publications()
    op.drop_table("publications")
    publications = op.create_table(
        "publications",
        sa.Column("round_id", _ROW_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("settlement_id", _ROW_ID, nullable=False),
        sa.Column("ruling_id", _ROW_ID, nullable=True),
        *_common_columns(),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_publications_round_id_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["ruling_id"], ["rulings.id"], name=op.f("fk_publications_ruling_id_rulings")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_publications_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_publications")),
    )
    if kept:
        op.bulk_insert(publications, [{"number": 1, **row} for row in kept])


_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _pack_revisions() -> None:
    """The revision ids at the head of each paper's items, four bytes each."""
    attempts = sa.table(
        "attempts", sa.column("id"), sa.column("paper"), sa.column("revisions", sa.LargeBinary())
    )
    bind = op.get_bind()
    last = 0
    while True:
        rows = bind.execute(
            sa.select(attempts.c.id, attempts.c.paper)
            .where(attempts.c.id > last)
            .order_by(attempts.c.id)
            .limit(1000)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        bind.execute(
            sa.update(attempts)
            .where(attempts.c.id == sa.bindparam("this"))
            .values(revisions=sa.bindparam("packed", type_=sa.LargeBinary())),
            [
                {
                    "this": row.id,
                    "packed": b"".join(
                        item[0].to_bytes(4, "little") for item in json.loads(row.paper)
                    ),
                }
                for row in rows
            ],
        )


_STANDINGS = (
    "settlement_id, line, place, entrant_id, attempt_id, score_milli, correct, prediction, "
    "distance, ranking_time_ms, submitted_at"
)


def _standings_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("settlement_id", _ROW_ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("entrant_id", _ROW_ID, nullable=False),
        sa.Column("attempt_id", _ROW_ID, nullable=False),
        sa.Column("score_milli", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("prediction", sa.BigInteger(), nullable=True),
        sa.Column("distance", sa.BigInteger(), nullable=True),
        sa.Column("ranking_time_ms", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
    ]


def _standings_without_indexes() -> None:
    """SQLite cannot take foreign keys off a table: there the lines move to a new one."""
    more: list[sa.Column[Any]] = [
        sa.Column("submission_order", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ward_id", sa.String(length=20), nullable=True),
        sa.Column("age_group", sa.SmallInteger(), server_default="0", nullable=False),
    ]
    op.drop_index("ix_standings_entrant", "standings")
    if op.get_bind().dialect.name != "sqlite":
        for name in ("entrant_id_entrants", "attempt_id_attempts"):
            op.drop_constraint(f"fk_standings_{name}", "standings", type_="foreignkey")
        for column in more:
            op.add_column("standings", column)
        return
    op.rename_table("standings", "standings_before")
    op.create_table(
        "standings",
        *_standings_columns(),
        *more,
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_standings_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("settlement_id", "line", name=op.f("pk_standings")),
        sqlite_with_rowid=False,
    )
    op.execute(
        f"insert into standings ({_STANDINGS}) select {_STANDINGS} from standings_before order by 1, 2"
    )
    op.drop_table("standings_before")


def _standings_with_indexes() -> None:
    keys = [
        sa.ForeignKeyConstraint(
            [f"{name}_id"], [f"{name}s.id"], name=op.f(f"fk_standings_{name}_id_{name}s")
        )
        for name in ("settlement", "entrant", "attempt")
    ]
    if op.get_bind().dialect.name != "sqlite":
        for column in ("age_group", "ward_id", "submission_order"):
            op.drop_column("standings", column)
        for name in ("entrant", "attempt"):
            op.create_foreign_key(
                f"fk_standings_{name}_id_{name}s", "standings", f"{name}s", [f"{name}_id"], ["id"]
            )
    else:
        op.rename_table("standings", "standings_after")
        op.create_table(
            "standings",
            *_standings_columns(),
            *keys,
            sa.PrimaryKeyConstraint("settlement_id", "line", name=op.f("pk_standings")),
            sqlite_with_rowid=False,
        )
        op.execute(
            f"insert into standings ({_STANDINGS}) select {_STANDINGS} from standings_after order by 1, 2"
        )
        op.drop_table("standings_after")
    op.create_index(
        "ix_standings_entrant", "standings", ["settlement_id", "entrant_id"], unique=True
    )


def _common_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.String(length=40), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
    ]


def _publications() -> list[dict[str, Any]]:
    """The newest publication of each round, without its number."""
    table = sa.table(
        "publications",
        *(
            sa.column(name)
            for name in ("round_id", "settlement_id", "published_at", "published_by", "height")
        ),
    )
    rows = op.get_bind().execute(sa.select(table).order_by(table.c.height)).mappings()
    return list({row["round_id"]: dict(row) for row in rows}.values())


def downgrade() -> None:
    kept = _publications()
    op.drop_table("publications")
    publications = op.create_table(
        "publications",
        sa.Column("round_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("settlement_id", _ROW_ID, nullable=False),
        *_common_columns(),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_publications_round_id_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_publications_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_publications")),
    )
    if kept:
        op.bulk_insert(publications, kept)
    # A trial is no result, and the step before cannot tell it from one.
    for table in (
        "standing_ties",
        "question_figures",
        "board_names_heights",
        "board_names",
        "board_groups",
        "board_blocks",
        "entrant_lines",
    ):
        op.drop_table(table)
    op.execute(
        "delete from standings where settlement_id in (select id from settlements where is_trial)"
    )
    op.execute("delete from settlements where is_trial")
    _standings_with_indexes()
    with op.batch_alter_table("settlements") as settlements:
        settlements.drop_constraint("fk_settlements_ruling_id_rulings", type_="foreignkey")
        settlements.drop_index("ix_settlements_ruling_id")
        for column in ("effect", "disqualified", "form", "ruling_id", "is_trial"):
            settlements.drop_column(column)
    op.drop_index("ix_attempts_started", "attempts")
    op.drop_column("attempts", "revisions")
    op.drop_column("attempts", "annulled_at")
    for table in (
        "outage_attempts",
        "complaints",
        "rulings",
        "extra_times",
        "round_extensions",
        "outages",
    ):
        op.drop_table(table)
