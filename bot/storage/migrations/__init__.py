"""Schema versions, run by Alembic."""
