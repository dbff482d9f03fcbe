"""What readers told of a document is kept with it, and a part that its file no longer holds is withdrawn.

Revision: 0007
"""

import sqlalchemy as sa
from alembic import op

from audit.tables import append_only_ddl

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables with the triggers that refuse changes."""
    op.create_table(
        "document_notes",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "number"),
    )
    op.create_table(
        "document_withdrawals",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("by_document", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
    )
    for table in ("document_notes", "document_withdrawals"):
        for statement in append_only_ddl(op.get_bind().dialect.name, table):
            op.execute(sa.text(statement))
