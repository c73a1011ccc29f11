"""Moves told in both forms, each pod in those that it announces to understand."""

from alembic import op

from pod.store.upgrades import statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create a table, and add a column to deliveries and to account_migrations."""
    for statement in statements(revision, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Nothing goes back: what would be dropped proves moves."""
    raise NotImplementedError("restore a copy that was made before the upgrade")
