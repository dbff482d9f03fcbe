"""Which of two sources counts, by a person's decision; results are found by batch.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

from audit.tables import append_only_ddl

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table with the triggers that refuse changes, and the index of results by batch."""
    op.create_table(
        "clash_preferences",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("preferences_by_subject", "clash_preferences", ["kind", "identifier"], unique=False)
    op.create_index("measurements_by_batch", "measurements", ["batch", "attribute"], unique=False)
    for statement in append_only_ddl(op.get_bind().dialect.name, "clash_preferences"):
        op.execute(sa.text(statement))
