"""An import takes one step after the other, so that each finds what it needs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection

import pytest

from pod.store import prepared
from tests.pod.house import Cast, cast, document, export, import_document

STEPS = ("tag_followings", "aspects", "posts", "contacts", "comments", "likes")
"""Tables to which the steps add rows, one step after the other."""


@contextmanager
def _watched() -> Iterator[list[str]]:
    """The tables to which rows are added, in order."""
    added: list[str] = []

    ask = prepared.ask

    def note(raw: Connection, sql: str, cells: Sequence[object]) -> tuple[list[object], int]:
        words = sql.split(maxsplit=3)
        if words[0] == "INSERT":
            added.append(words[2])
        return ask(raw, sql, cells)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepared, "ask", note)
        yield added


def _asked(played: Cast) -> list[str]:
    """What pod4 asks of pod3 while it imports, in order."""
    begins = len(played.pods.exchanges)
    import_document(played, document(export(played.carol)), "pod4")
    asked = played.pods.exchanges[begins:]
    mine = [each.url for each in asked if (each.sender, each.method) == ("pod4.test", "GET")]
    return [url.removeprefix("https://pod3.test") for url in mine if "pod3.test/" in url]


def test_people_are_discovered_before_posts_are_fetched(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        asked = _asked(played)
        of_bob = [url for url in asked if url.startswith("/.well-known/webfinger")]
        assert asked.index(of_bob[0]) < asked.index(f"/fetch/post/{played.made['bobs']}")


def test_what_the_archive_holds_is_taken_over_step_by_step(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        archive = document(export(played.carol))
        with _watched() as added:
            import_document(played, archive, "pod4")
        poured = added[added.index("account_migrations") :]
        assert tuple(dict.fromkeys(each for each in poured if each in STEPS)) == STEPS
