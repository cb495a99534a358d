"""What the cited articles said when an entry was checked."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add fingerprints of the cited articles to entries; they are taken at the next publication."""
    op.add_column("entries", sa.Column("sources", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("entries", "sources")
