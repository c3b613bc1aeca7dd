"""Pupils: consents with two signatures, representatives, withdrawals; classes and their cards."""

import sqlalchemy as sa
from alembic import op

revision = "pupils"
down_revision = "rulings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "representatives",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("full_name", sa.String(length=100), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_representatives_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representatives")),
        sa.UniqueConstraint("ref", name=op.f("uq_representatives_ref")),
    )
    op.create_index(
        op.f("ix_representatives_account_id"), "representatives", ["account_id"], unique=False
    )

    op.create_table(
        "school_classes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("school_id", sa.String(length=60), nullable=True),
        sa.Column("school_other", sa.String(length=120), server_default="", nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column(
            "teacher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("columns", sa.Text(), server_default="{}", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_school_classes_school_id_schools")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["accounts.id"], name=op.f("fk_school_classes_teacher_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_classes")),
        sa.UniqueConstraint("code", name=op.f("uq_school_classes_code")),
        sa.UniqueConstraint("ref", name=op.f("uq_school_classes_ref")),
        sa.UniqueConstraint(
            "teacher_id",
            "school_year",
            "name",
            name=op.f("uq_school_classes_teacher_id_school_year_name"),
        ),
    )
    op.create_index(
        op.f("ix_school_classes_school_id"), "school_classes", ["school_id"], unique=False
    )
    op.create_index(
        op.f("ix_school_classes_teacher_id"), "school_classes", ["teacher_id"], unique=False
    )

    op.create_table(
        "withdrawals",
        sa.Column("height", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("purposes", sa.String(length=120), nullable=False),
        sa.Column("by_whom", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("answer_due_at", sa.BigInteger(), nullable=False),
        sa.Column("finish_due_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", sa.String(length=40), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_by", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_withdrawals_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("height", name=op.f("pk_withdrawals")),
    )
    op.create_index(op.f("ix_withdrawals_account_id"), "withdrawals", ["account_id"], unique=False)
    op.create_index(
        "ix_withdrawals_open",
        "withdrawals",
        ["height"],
        unique=False,
        sqlite_where=sa.text("finished_at is null"),
        postgresql_where=sa.text("finished_at is null"),
    )

    op.create_table(
        "class_list_uploads",
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), server_default="{}", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("brought_in_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["school_classes.id"],
            name=op.f("fk_class_list_uploads_class_id_school_classes"),
        ),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_class_list_uploads")),
    )
    op.create_index(
        op.f("ix_class_list_uploads_class_id"), "class_list_uploads", ["class_id"], unique=False
    )
    op.create_index(
        op.f("ix_class_list_uploads_made_at"), "class_list_uploads", ["made_at"], unique=False
    )

    op.create_table(
        "class_pupils",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("school_number", sa.String(length=40), server_default="", nullable=False),
        sa.Column("card_serial", sa.Integer(), server_default="1", nullable=False),
        sa.Column("card_digest", sa.String(length=64), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_class_pupils_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["school_classes.id"],
            name=op.f("fk_class_pupils_class_id_school_classes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_pupils")),
        sa.UniqueConstraint("card_digest", name=op.f("uq_class_pupils_card_digest")),
    )
    op.create_index(
        op.f("ix_class_pupils_account_id"), "class_pupils", ["account_id"], unique=False
    )
    op.create_index(
        "uq_class_pupils_present",
        "class_pupils",
        ["class_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("left_at is null"),
        postgresql_where=sa.text("left_at is null"),
    )

    op.create_table(
        "consent_links",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "representative_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_consent_links_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["representative_id"],
            ["representatives.id"],
            name=op.f("fk_consent_links_representative_id_representatives"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_links")),
    )
    op.create_index(
        op.f("ix_consent_links_account_id"), "consent_links", ["account_id"], unique=False
    )

    op.create_table(
        "consent_papers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "representative_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("kept_where", sa.String(length=200), server_default="", nullable=False),
        sa.Column("scan_key", sa.String(length=80), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_consent_papers_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["representative_id"],
            ["representatives.id"],
            name=op.f("fk_consent_papers_representative_id_representatives"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_papers")),
        sa.UniqueConstraint("ref", name=op.f("uq_consent_papers_ref")),
    )
    op.create_index(
        op.f("ix_consent_papers_account_id"), "consent_papers", ["account_id"], unique=False
    )

    op.add_column(
        "accounts",
        sa.Column("birth_is_year", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "accounts", sa.Column("language", sa.String(length=2), server_default="vi", nullable=False)
    )
    op.add_column("accounts", sa.Column("erased_at", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("signer", sa.String(length=20), server_default="self", nullable=False)
        )
        batch_op.add_column(
            sa.Column("proof", sa.String(length=10), server_default="account", nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "representative_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.drop_index("uq_consents_standing")
        batch_op.create_index(
            "uq_consents_standing",
            ["account_id", "purpose", "signer"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at is null"),
            postgresql_where=sa.text("withdrawn_at is null"),
        )
        batch_op.create_check_constraint(
            op.f("ck_consents_signer"), "signer in ('self', 'representative')"
        )
        batch_op.create_check_constraint(
            op.f("ck_consents_proof"), "proof in ('account', 'same-phone', 'link', 'paper', 'desk')"
        )
        batch_op.create_foreign_key(
            op.f("fk_consents_paper_id_consent_papers"), "consent_papers", ["paper_id"], ["id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_consents_representative_id_representatives"),
            "representatives",
            ["representative_id"],
            ["id"],
        )
    op.create_index("ix_outgoing_mail_to", "outgoing_mail", ["to_address"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outgoing_mail_to", "outgoing_mail")
    # The second signatures have no place in the older form.
    op.execute("delete from consents where signer = 'representative'")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("fk_consents_representative_id_representatives"), type_="foreignkey"
        )
        batch_op.drop_constraint(op.f("fk_consents_paper_id_consent_papers"), type_="foreignkey")
        batch_op.drop_index("uq_consents_standing")
        batch_op.create_index(
            "uq_consents_standing",
            ["account_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at is null"),
            postgresql_where=sa.text("withdrawn_at is null"),
        )
        batch_op.drop_constraint(op.f("ck_consents_signer"), type_="check")
        batch_op.drop_constraint(op.f("ck_consents_proof"), type_="check")
        batch_op.drop_column("paper_id")
        batch_op.drop_column("representative_id")
        batch_op.drop_column("proof")
        batch_op.drop_column("signer")

    op.drop_column("accounts", "erased_at")
    op.drop_column("accounts", "language")
    op.drop_column("accounts", "birth_is_year")

    op.drop_index(op.f("ix_consent_papers_account_id"), "consent_papers")

    op.drop_table("consent_papers")
    op.drop_index(op.f("ix_consent_links_account_id"), "consent_links")

    op.drop_table("consent_links")
    op.drop_index(
        "uq_class_pupils_present",
        "class_pupils",
        sqlite_where=sa.text("left_at is null"),
        postgresql_where=sa.text("left_at is null"),
    )
    op.drop_index(op.f("ix_class_pupils_account_id"), "class_pupils")

    op.drop_table("class_pupils")
    op.drop_index(op.f("ix_class_list_uploads_made_at"), "class_list_uploads")
    op.drop_index(op.f("ix_class_list_uploads_class_id"), "class_list_uploads")

    op.drop_table("class_list_uploads")
    op.drop_index(
        "ix_withdrawals_open",
        "withdrawals",
        sqlite_where=sa.text("finished_at is null"),
        postgresql_where=sa.text("finished_at is null"),
    )
    op.drop_index(op.f("ix_withdrawals_account_id"), "withdrawals")

    op.drop_table("withdrawals")
    op.drop_index(op.f("ix_school_classes_teacher_id"), "school_classes")
    op.drop_index(op.f("ix_school_classes_school_id"), "school_classes")

    op.drop_table("school_classes")
    op.drop_index(op.f("ix_representatives_account_id"), "representatives")

    op.drop_table("representatives")
