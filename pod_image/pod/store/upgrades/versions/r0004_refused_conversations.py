"""Conversations hidden from those who refused them, and longer coordinates of places."""

from alembic import op

from pod.store.upgrades import statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to the participants of conversations, and widen two of places."""
    for statement in statements(revision, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Nothing goes back: refused conversations would be seen again."""
    raise NotImplementedError("restore a copy that was made before the upgrade")
