"""The first schema."""

from alembic import op

from pod.store.upgrades import statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    for statement in statements(revision, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """There is nothing before the first schema."""
    raise NotImplementedError("remove the database instead")
