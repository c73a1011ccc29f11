"""The wiretap keeps records in memory and on disk, and knows what is in flight."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.errors import DiskFull
from harness.facts.identity import PodName
from harness.gate.wiretap import Exchange, Verdict, Wiretap

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def exchange(
    entity: str | None = "comment",
    sender: PodName = "pod1",
    recipient: PodName = "pod2",
    verdict: Verdict = "passed",
) -> Exchange:
    return Exchange(
        at=NOW,
        virtual_at=None,
        sender=sender,
        recipient=recipient,
        host=f"{recipient}.test",
        method="POST",
        path="/receive/public",
        route="public" if entity else "discovery",
        entity=entity,
        status=202,
        verdict=verdict,
        request_bytes=10,
        response_bytes=0,
        duration_ms=1.5,
    )


def test_records_are_numbered_and_found_after_a_mark() -> None:
    wiretap = Wiretap()
    before = wiretap.mark()
    wiretap.record(exchange())
    mark = wiretap.mark()
    wiretap.record(exchange("like"))
    assert (before, mark) == (0, 1)
    assert [(each.seq, each.entity) for each in wiretap.exchanges()] == [
        (1, "comment"),
        (2, "like"),
    ]
    assert [each.seq for each in wiretap.messages(since=mark)] == [2]


def test_messages_are_found_by_all_that_is_given() -> None:
    wiretap = Wiretap()
    wiretap.record(exchange(None))
    wiretap.record(exchange("comment", "pod1", "pod2"))
    wiretap.record(exchange("comment", "pod3", "pod2", "lost"))
    wiretap.record(exchange("like", "pod3", "pod4"))
    found = {
        "all": wiretap.messages(),
        "entity": wiretap.messages(entity="comment"),
        "to": wiretap.messages(to="pod4"),
        "sender": wiretap.messages(sender="pod3"),
        "verdict": wiretap.messages(verdict="lost"),
        "together": wiretap.messages(entity="comment", sender="pod1", to="pod2"),
        "none": wiretap.messages(entity="like", to="pod2"),
    }
    assert {key: [each.seq for each in records] for key, records in found.items()} == {
        "all": [2, 3, 4], "entity": [2, 3], "to": [4], "sender": [3, 4], "verdict": [3],
        "together": [2], "none": [],
    }  # fmt: skip


def test_messages_in_several_forms_are_found_by_the_name_of_their_concept() -> None:
    wiretap = Wiretap()
    for entity in ("account_rename", "comment", "account_migration"):
        wiretap.record(exchange(entity))
    found = [each.entity for each in wiretap.messages(entity="account migration")]
    assert found == ["account_rename", "account_migration"]


def test_each_record_is_on_disk_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    with Wiretap(path) as wiretap:
        wiretap.record(exchange())
        lines = path.read_text().splitlines()
    (line,) = map(json.loads, lines)
    assert (line["seq"], line["at"], line["virtual_at"], line["verdict"]) == (
        1, "2026-01-02T03:04:05+00:00", None, "passed",
    )  # fmt: skip


def test_the_record_survives_the_file() -> None:
    wiretap = Wiretap()
    wiretap.record(exchange())
    wiretap.close()
    wiretap.close()
    assert len(wiretap.exchanges()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_to_whoever_reads_the_record() -> None:
    wiretap = Wiretap(Path("/dev/full"))
    wiretap.record(exchange())
    with pytest.raises(DiskFull, match="could not write /dev/full"):
        wiretap.mark()
    with pytest.raises(DiskFull):
        wiretap.messages()
    with pytest.raises(OSError, match="No space left"):
        wiretap.close()


def test_what_travels_is_in_flight_even_if_it_fails() -> None:
    wiretap = Wiretap()

    def fail() -> None:
        with wiretap.travelling(), wiretap.travelling():
            raise ConnectionError(wiretap.in_flight)

    with pytest.raises(ConnectionError, match="2"):
        fail()
    assert wiretap.in_flight == 0


def test_waiting_ends_when_nothing_is_in_flight_any_more() -> None:
    wiretap = Wiretap()
    may_end, has_begun = threading.Event(), threading.Event()

    def travel() -> None:
        with wiretap.travelling():
            has_begun.set()
            may_end.wait(10)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(travel)
        has_begun.wait(10)
        early = wiretap.wait_until_idle(timedelta(0))
        may_end.set()
        assert (early, wiretap.wait_until_idle(timedelta(seconds=10))) == (False, True)


def test_threads_do_not_take_each_others_numbers() -> None:
    wiretap = Wiretap()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: wiretap.record(exchange()), range(200)))
    assert [each.seq for each in wiretap.exchanges()] == list(range(1, 201))


def test_a_new_beginning_hides_what_went_before_but_the_file_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    with Wiretap(path) as wiretap:
        wiretap.record(exchange())
        wiretap.begin()
        assert wiretap.exchanges() == ()
        second = wiretap.record(exchange())
        assert wiretap.exchanges() == wiretap.exchanges(since=1) == (second,)
    assert len(path.read_text().splitlines()) == 2
