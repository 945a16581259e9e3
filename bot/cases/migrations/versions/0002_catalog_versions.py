"""Versions of the policy data, and whether a firm may be contacted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalog_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_catalog_version_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_version")),
        sa.UniqueConstraint("digest", name=op.f("uq_catalog_version_digest")),
    )
    op.create_index(op.f("ix_catalog_version_version"), "catalog_version", ["version"], unique=False)
    op.create_table(
        "catalog_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["catalog_version.id"], name=op.f("fk_catalog_use_version_id")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_catalog_use_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_use")),
    )
    op.add_column("conversation", sa.Column("may_contact", sa.Boolean(), nullable=True))
    op.add_column("conversation", sa.Column("may_contact_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("conversation") as table:
        table.drop_column("may_contact_at")
        table.drop_column("may_contact")
    op.drop_table("catalog_use")
    op.drop_index(op.f("ix_catalog_version_version"), table_name="catalog_version")
    op.drop_table("catalog_version")
