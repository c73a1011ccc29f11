"""Schema upgrades, one revision after the other; run by Alembic.

The statements of a revision are kept as text for each engine (`sql/`), since they must stay as they
were when the revision was released, whatever becomes of the tables in `pod.store.schema`.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import MetaData, create_mock_engine

ENGINES = ("sqlite", "postgresql")


def statements(revision: str, engine: str) -> list[str]:
    """The statements of a revision."""
    text = sql_file(revision, engine).read_text()
    return [statement.strip() for statement in text.split(";\n") if statement.strip()]


def sql_file(revision: str, engine: str) -> Path:
    """Where they are kept."""
    return Path(__file__).parent / "sql" / f"{revision}.{engine}.sql"


def create_statements(metadata: MetaData, engine: str) -> list[str]:
    """What creates all tables as they are now."""
    found: list[str] = []

    def keep(statement: object, *_values: object, **_options: object) -> None:
        compiled = statement.compile(dialect=mock.dialect)  # type: ignore[attr-defined]
        found.append(str(compiled).strip())

    mock = create_mock_engine(f"{engine}://", keep)
    metadata.create_all(mock, checkfirst=False)
    return found
