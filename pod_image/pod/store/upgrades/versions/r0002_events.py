"""Events with their answers, embeds, and the full name of those whose software has one."""

from alembic import op

from pod.store.upgrades import statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create three tables, and add a column to profiles."""
    for statement in statements(revision, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Nothing goes back: what would be dropped is people's content."""
    raise NotImplementedError("restore a copy that was made before the upgrade")
