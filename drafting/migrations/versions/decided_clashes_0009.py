"""A decision which source counts names each record and result that it is on, and what was compared.

Revision: 0009
"""

import sqlalchemy as sa
from alembic import op

from audit.tables import append_only_ddl

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table with the triggers that refuse changes; of earlier decisions nothing that was compared is kept."""
    op.create_table(
        "clash_decided",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("compared", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "kind", "identifier"),
    )
    op.create_index("decided_by_subject", "clash_decided", ["kind", "identifier"], unique=False)
    op.execute(
        sa.text(
            "INSERT INTO clash_decided (seq, kind, identifier, compared) SELECT seq, kind, identifier, '' FROM clash_preferences"
        )
    )
    for statement in append_only_ddl(op.get_bind().dialect.name, "clash_decided"):
        op.execute(sa.text(statement))
