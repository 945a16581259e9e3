"""An index by which what is left of erased talks is found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_message_erased",
        "message",
        ["conversation_id"],
        unique=False,
        sqlite_where=sa.text("kind = 'erased'"),
        postgresql_where=sa.text("kind = 'erased'"),
    )


def downgrade() -> None:
    op.drop_index("ix_message_erased", table_name="message")
