"""Times before the year 1000 are kept like any other, and keep nobody from reading the rest."""

from datetime import UTC, datetime
from pathlib import Path

from pod.store.engine import Store
from tests.pod.messages import bring, sealed
from tests.pod.pair import joined
from tests.pod.rooms import add_person

LONG_AGO = "0800-01-01T00:00:00Z"


def test_what_was_written_long_ago_can_be_read_by_everybody(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        alice, bob = pods.sign_up("alice", "pod1"), pods.sign_up("bob", "pod2")
        alice.share(bob)
        bob.share(alice)
        pods.settle()
        body = {"subject": "s", "text": "t", "recipients": [alice.diaspora_id]}
        talk = bob.call("POST", "/api/conversations", body)["guid"]
        author = f"<author>{bob.diaspora_id}</author>"
        profile = f"<profile>{author}<edited_at>{LONG_AGO}</edited_at><public>true</public>"
        post = f"<guid>{'ab' * 16}</guid><created_at>{LONG_AGO}</created_at><public>true</public>"
        message = f"<guid>{'ac' * 16}</guid><text>x</text><created_at>{LONG_AGO}</created_at>"
        message = f"{message}<conversation_guid>{talk}</conversation_guid>"
        for text, to in (
            (f"{profile}<first_name>Bob</first_name></profile>", "pod1"),
            (f"<status_message>{author}{post}<text>old</text></status_message>", "pod1"),
            (f"<message>{author}{message}</message>", alice),
        ):
            assert bring(pods, sealed(text, bob), to) is None

        state = pods.state("pod1", "post", "message")
        stored = [
            state[which]["created_at"] for which in (("post", "ab" * 16), ("message", "ac" * 16))
        ]
        told = alice.call("GET", f"/api/conversations/{talk}")["messages"]
        shown = (
            alice.call("GET", f"/api/posts/{'ab' * 16}")["created_at"],
            next(each["created_at"] for each in told if each["guid"] == "ac" * 16),
        )
        assert (stored, shown) == ([LONG_AGO] * 2, (LONG_AGO, LONG_AGO))
        assert alice.call("GET", "/api/export")
        assert alice.call("GET", f"/api/people/{bob.diaspora_id}")["profile"]["first_name"] == "Bob"


def test_a_time_that_was_stored_without_leading_zeros_is_read(store: Store) -> None:
    with store.work() as work:
        add_person(work, "bob@pod2.test")
        work.connection.exec_driver_sql("UPDATE profiles SET edited_at = '800-01-01T00:00:00Z'")
    with store.work() as work:
        bob = work.people.by_guid("guid-of-bob@pod2.test")
        assert bob is not None
        assert work.people.profile(bob).edited_at == datetime(800, 1, 1, tzinfo=UTC)
