"""Seals of keys get a table of their own, since a changed passphrase replaces them; the trail is found by act.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move each key's seal beside the append-only key, and index the trail by act."""
    op.create_table(
        "key_seals",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key_id"),
    )
    op.create_index(op.f("ix_key_seals_account_id"), "key_seals", ["account_id"], unique=False)
    op.execute(
        sa.text("INSERT INTO key_seals (key_id, account_id, sealed) SELECT key_id, account_id, sealed FROM signing_keys")
    )
    op.drop_column("signing_keys", "sealed")
    op.create_index("trail_by_action", "trail_entries", ["action"], unique=False)
