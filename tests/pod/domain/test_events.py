"""Invitations with their answers, and embeds, on their way through the federation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pod.wire.entities import decode
from pod.wire.magic_envelope import parse
from tests.pod.house import export, move
from tests.pod.pair import Declined, Pods, User, call, joined
from tests.pod.talk import PODS, everywhere, held, make_friends, payload, post, sealed_by

PARTY: dict[str, Any] = {
    "summary": "House warming",
    "description": "Bring **cake**.",
    "start": "2026-02-01T18:00:00Z",
    "end": "2026-02-01T23:00:00Z",
    "timezone": "Europe/Berlin",
    "location": {"address": "Main Street 1", "lat": "48.1", "lng": "11.5"},
}
CARD = {
    "url": "https://cards.example.org/party",
    "title": "Party",
    "description": "A card",
    "image": "https://cards.example.org/party.png",
}


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, *PODS) as made:
        yield made


@pytest.fixture
def cast(pods: Pods) -> dict[str, User]:
    return make_friends(pods)


def answer(user: User, guid: str, status: str = "accepted") -> str:
    made = user.call("POST", f"/api/posts/{guid}/answers", {"status": status})
    return str(made["guid"])


def invite(pods: Pods, author: User, **more: object) -> str:
    guid = post(author, "Come!", event=PARTY, **more)
    pods.settle()
    return guid


def seen(user: User, guid: str) -> Any:  # noqa: ANN401 - JSON
    return user.call("GET", f"/api/posts/{guid}")


def test_an_event_and_an_embed_arrive_with_their_post(pods: Pods, cast: dict[str, User]) -> None:
    guid = invite(pods, cast["alice"], embed=CARD)

    rows = held(pods, "event")
    (key,) = rows["pod1"]
    expected = {
        "post": guid,
        "summary": PARTY["summary"],
        "description": PARTY["description"],
        "start_at": PARTY["start"],
        "end_at": PARTY["end"],
        "all_day": False,
        "timezone": PARTY["timezone"],
        **PARTY["location"],
    }
    assert rows == everywhere({key: expected})
    assert held(pods, "embed") == everywhere({guid: CARD})
    view = seen(cast["bob"], guid)
    assert view["event"] == PARTY | {"guid": key, "all_day": False, "answers": []}
    assert view["embed"] == CARD | {"nothing": False}


def test_the_wish_that_nothing_is_embedded_travels(pods: Pods, cast: dict[str, User]) -> None:
    guid = post(cast["alice"], "https://example.org/", embed={"nothing": True})
    pods.settle()

    nothing = dict.fromkeys(("url", "title", "description", "image"))
    assert held(pods, "embed") == everywhere({guid: nothing})
    assert seen(cast["bob"], guid)["embed"]["nothing"] is True


@pytest.mark.parametrize("public", [True, False])
def test_an_answer_is_relayed_by_the_pod_of_the_host(
    pods: Pods, cast: dict[str, User], *, public: bool
) -> None:
    guid = invite(pods, cast["alice"], public=public, aspects=[] if public else ["friends"])

    made = answer(cast["bob"], guid, "tentative")
    pods.settle()

    (event,) = held(pods, "event")["pod1"]
    expected = {"author": "bob@pod2.test", "event": event, "status": "tentative"}
    assert held(pods, "event_participation") == everywhere({made: expected})
    signatures = held(pods, "signature")
    assert signatures == everywhere(signatures["pod2"])
    shown = {"guid": made, "author": "bob@pod2.test", "status": "tentative"}
    assert seen(cast["carol"], guid)["event"]["answers"] == [shown]
    told = [each["kind"] for each in cast["alice"].call("GET", "/api/notifications")]
    assert "answered" in told


@pytest.mark.parametrize("public", [True, False])
def test_an_answer_is_taken_back_in_the_envelope_of_its_author(
    pods: Pods, cast: dict[str, User], *, public: bool
) -> None:
    """Root authors cannot retract answers, so the pod that relays must not re-sign."""
    guid = invite(pods, cast["alice"], public=public, aspects=[] if public else ["friends"])
    answer(cast["bob"], guid)
    pods.settle()
    pods.exchanges.clear()

    cast["bob"].call("DELETE", f"/api/posts/{guid}/answers")
    pods.settle()

    assert held(pods, "event_participation") == everywhere({})
    relayed = [each for each in pods.exchanges if each.sender == "pod1.test"]
    assert [each.url.rpartition("/receive")[0] for each in relayed] == ["https://pod3.test"]
    if public:
        assert sealed_by(relayed[0]) == "bob@pod2.test"


def test_the_host_cannot_take_back_the_answer_of_a_guest(pods: Pods, cast: dict[str, User]) -> None:
    guid = invite(pods, cast["alice"])
    made = answer(cast["bob"], guid)
    pods.settle()
    with pytest.raises(Declined, match="404"):
        cast["alice"].call("DELETE", f"/api/posts/{guid}/answers")
    assert list(held(pods, "event_participation")["pod1"]) == [made]


def test_a_host_answers_the_own_invitation_without_a_signature(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = invite(pods, cast["alice"])
    answer(cast["alice"], guid)
    pods.settle()
    cast["alice"].call("DELETE", f"/api/posts/{guid}/answers")
    made = answer(cast["alice"], guid, "declined")
    pods.settle()

    assert {pod: list(rows) for pod, rows in held(pods, "event_participation").items()} == (
        everywhere([made])
    )
    assert held(pods, "signature") == everywhere({})


@pytest.mark.parametrize(
    ("status", "error"), [("perhaps", "answer with one of"), ("accepted", "already")]
)
def test_one_answers_once_and_with_one_of_three_words(
    pods: Pods, cast: dict[str, User], status: str, error: str
) -> None:
    guid = invite(pods, cast["alice"])
    answer(cast["alice"], guid)
    with pytest.raises(Declined, match=error):
        answer(cast["alice"] if status == "accepted" else cast["bob"], guid, status)


def test_a_deleted_post_takes_event_answers_and_signatures_along(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = invite(pods, cast["alice"], embed=CARD)
    answer(cast["bob"], guid)
    pods.settle()

    cast["alice"].call("DELETE", f"/api/posts/{guid}")
    pods.settle()

    for kind in ("event", "embed", "event_participation", "signature"):
        assert held(pods, kind) == everywhere({})


def test_an_answer_to_an_unknown_invitation_lets_the_pod_fetch_it(
    pods: Pods, cast: dict[str, User]
) -> None:
    """dave follows bob alone: the event is fetched from bob's pod, which points to alice's."""
    pods.away.add("pod3.test")
    guid = invite(pods, cast["alice"])
    pods.cores["pod1.test"].step()
    pods.away.clear()
    (event,) = held(pods, "event")["pod1"]

    made = answer(cast["bob"], guid)
    pods.settle()

    assert list(held(pods, "event_participation")["pod3"]) == [made]
    fetched = [each.url for each in pods.exchanges if "/fetch/event/" in each.url]
    assert fetched == [
        f"https://pod2.test/fetch/event/{event}",
        f"https://pod1.test/fetch/event/{event}",
    ]


def test_an_event_is_fetched_as_the_post_that_contains_it(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = invite(pods, cast["alice"])
    (event,) = held(pods, "event")["pod1"]

    body = call(pods["pod1"], "GET", f"/fetch/event/{event}")

    entity = decode(parse(body).payload)
    assert (type(entity).__name__, getattr(entity, "guid", None)) == ("StatusMessage", guid)
    with pytest.raises(Declined, match="404"):
        call(pods["pod1"], "GET", "/fetch/event/ffffffffffffffff")


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"summary": "Party"}, "start"),
        ({"summary": "", "start": PARTY["start"]}, "summary"),
        ({**PARTY, "end": "2026-01-31T18:00:00Z"}, "ends before"),
        ({**PARTY, "timezone": "UTC"}, "time zone"),
        ({**PARTY, "start": "tomorrow"}, "expected a time"),
    ],
)
def test_an_invitation_that_others_would_refuse_is_not_made(
    cast: dict[str, User], event: object, error: str
) -> None:
    with pytest.raises(Declined, match=error):
        post(cast["alice"], "Come!", event=event)


@pytest.mark.parametrize("embed", [{"url": "no url"}, {**CARD, "nothing": True}, {"title": "x"}])
def test_an_embed_that_others_would_refuse_is_not_made(
    cast: dict[str, User], embed: object
) -> None:
    with pytest.raises(Declined, match="422"):
        post(cast["alice"], "Look", embed=embed)


def test_the_event_of_somebody_who_moved_still_gets_answers(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = invite(pods, cast["alice"], embed=CARD)
    first = answer(cast["bob"], guid)
    pods.settle()

    alice = move(pods, export(cast["alice"]), "alicia", "pod2")
    second = answer(cast["carol"], guid, "declined")
    pods.settle()

    answers = held(pods, "event_participation")
    # Nobody is left on pod1 to whom the new home would send anything.
    assert {pod: sorted(rows) for pod, rows in answers.items()} == {
        "pod1": [first],
        "pod2": sorted([first, second]),
        "pod3": sorted([first, second]),
    }
    assert seen(alice, guid)["embed"]["url"] == CARD["url"]
    assert seen(alice, guid)["event"]["summary"] == PARTY["summary"]


def test_what_is_sent_is_the_canonical_event(pods: Pods, cast: dict[str, User]) -> None:
    pods.exchanges.clear()
    guid = invite(pods, cast["alice"], embed={"url": CARD["url"]})
    (event,) = held(pods, "event")["pod1"]
    sent = next(each for each in pods.exchanges if each.url.endswith("/receive/public"))
    assert payload(sent) == (
        "<status_message><author>alice@pod1.test</author>"
        f"<guid>{guid}</guid><created_at>2026-01-01T12:00:00Z</created_at>"
        "<public>true</public><text>Come!</text>"
        f"<event><author>alice@pod1.test</author><guid>{event}</guid>"
        "<summary>House warming</summary><description>Bring **cake**.</description>"
        "<start>2026-02-01T18:00:00Z</start><end>2026-02-01T23:00:00Z</end>"
        "<all_day>false</all_day><timezone>Europe/Berlin</timezone>"
        "<location><address>Main Street 1</address><lat>48.1</lat><lng>11.5</lng></location>"
        "</event><embed><url>https://cards.example.org/party</url></embed></status_message>"
    )
