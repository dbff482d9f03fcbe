"""Oversight checks, sealed, with what happened to each; and activity summaries, which are no record and can be deleted.

Revision: 0011
"""

import sqlalchemy as sa
from alembic import op

from audit.tables import append_only_ddl

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; those that are records with the triggers that refuse changes."""
    op.create_table(
        "oversight_checks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("section_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("checks_by_report", "oversight_checks", ["report_id", "section_id"], unique=False)
    op.create_index("checks_by_person", "oversight_checks", ["account_id"], unique=False)
    op.create_table(
        "check_events",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("view_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", "number"),
    )
    op.create_index("check_events_by_view", "check_events", ["view_id"], unique=False)
    op.create_table(
        "activity_summaries",
        sa.Column("view_id", sa.Text(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("view_id"),
    )
    for table in ("oversight_checks", "check_events"):
        for statement in append_only_ddl(op.get_bind().dialect.name, table):
            op.execute(sa.text(statement))
