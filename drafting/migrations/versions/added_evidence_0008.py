"""What a person adds to the evidence of a section is kept, and withdrawn with a reason.

Revision: 0008
"""

import sqlalchemy as sa
from alembic import op

from audit.tables import append_only_ddl

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables with the triggers that refuse changes."""
    op.create_table(
        "added_evidence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("section_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        *_by_a_person(),
    )
    op.create_table(
        "evidence_withdrawals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("section_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_by_a_person(),
    )
    for table in ("added_evidence", "evidence_withdrawals"):
        op.create_index(f"ix_{table}_section_id", table, ["section_id"])
        for statement in append_only_ddl(op.get_bind().dialect.name, table):
            op.execute(sa.text(statement))


def _by_a_person() -> tuple[sa.Column[str] | sa.Column[int] | sa.PrimaryKeyConstraint, ...]:
    return (
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
