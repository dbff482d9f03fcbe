"""Terms of passages leave the store, since the words index is a cache beside it; passages are found by the record they belong to.

Revision: 0004
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the table of terms, and index passages by record."""
    op.drop_table("passage_terms")
    op.create_index(op.f("ix_passages_record_identifier"), "passages", ["record_identifier"], unique=False)
