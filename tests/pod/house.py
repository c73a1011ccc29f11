"""Carol's life on pod1, with something of everything, and her move to pod2 as christy.

Debora lives on pod1, alice on pod2 (where another carol has the name), bob on pod3; dave on pod4
has only looked at Carol's profile.
"""

import atexit
import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.pod.pair import PASSWORD, Pods, User, call, joined


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is who, and the GUIDs of what they did."""

    pods: Pods
    carol: User
    debora: User
    alice: User
    bob: User
    dave: User
    made: dict[str, str]

    def everybody(self) -> tuple[User, ...]:
        """All but carol."""
        return (self.debora, self.alice, self.bob, self.dave)


PODS = ("pod1", "pod2", "pod3", "pod4")
HOMES = (
    ("carol", "pod1"),
    ("debora", "pod1"),
    ("alice", "pod2"),
    ("bob", "pod3"),
    ("dave", "pod4"),
)


@contextmanager
def cast(folder: Path, **settings: str) -> Iterator[Cast]:
    """Four joined pods with the people and what they did, from a copy of their databases."""
    first = _first_life()
    for file in first.folder.iterdir():
        shutil.copy(file, folder)
    with joined(folder, *PODS, **settings) as pods:
        people = [
            replace(user, core=pods[pod])
            for user, (_, pod) in zip(first.people, HOMES, strict=True)
        ]
        yield _play(pods, people, dict(first.made))


def _play(pods: Pods, people: Sequence[User], made: dict[str, str]) -> Cast:
    carol, debora, alice, bob, dave = people
    return Cast(pods, carol, debora, alice, bob, dave, made)


@dataclass(frozen=True, slots=True)
class _Life:
    folder: Path
    people: tuple[User, ...]
    made: dict[str, str]


@cache
def _first_life() -> _Life:
    """Live it once for all tests; it takes a second."""
    folder = Path(tempfile.mkdtemp(prefix="house-"))
    atexit.register(shutil.rmtree, folder)
    with joined(folder, *PODS) as pods:
        pods.sign_up("carol", "pod2")
        people = tuple(pods.sign_up(name, pod) for name, pod in HOMES)
        played = _play(pods, people, {})
        live(played)
    return _Life(folder, people, played.made)


def live(cast: Cast) -> None:
    """Everything happens through the pods."""
    carol, debora, alice, bob, dave = cast.carol, *cast.everybody()
    carol.call("PATCH", "/api/profile", {"first_name": "Carol", "bio": "I move a lot"})
    for other, aspect in ((debora, "friends"), (alice, "friends"), (bob, "work")):
        carol.share(other, aspect)
        other.share(carol, "people I know")
    carol.call("PUT", f"/api/contacts/{debora.diaspora_id}", {"aspects": ["friends", "work"]})
    cast.pods.settle()
    dave.find(carol.diaspora_id)
    carol.call("PUT", "/api/tags/boxes")
    _post(cast)
    _talk(cast)


def _post(cast: Cast) -> None:
    carol, debora, alice, bob, _ = cast.carol, *cast.everybody()
    made = cast.made
    poll = {"question": "Where to?", "answers": ["pod2", "pod3"]}
    place = {"address": "Main Street 1", "lat": "48.1", "lng": "11.5"}
    text = f"Hello @{{Alice; {alice.diaspora_id}}} #boxes"
    body = {"text": text, "public": True, "poll": poll, "location": place}
    made["public"] = carol.call("POST", "/api/posts", body)["guid"]
    body = {"text": "only for friends", "public": False, "aspects": ["friends"]}
    made["limited"] = carol.call("POST", "/api/posts", body)["guid"]
    body = {"text": "bob's own", "public": True}
    made["bobs"] = bob.call("POST", "/api/posts", body)["guid"]
    body = {"text": "alice's secret", "public": False, "aspects": ["people I know"]}
    made["alices"] = alice.call("POST", "/api/posts", body)["guid"]
    cast.pods.settle()
    made["carols comment"] = _comment(carol, made["bobs"], "nice post")
    made["carols like"] = carol.call("POST", f"/api/posts/{made['bobs']}/likes")["guid"]
    made["reshare"] = carol.call("POST", f"/api/posts/{made['bobs']}/reshares")["guid"]
    made["bobs comment"] = _comment(bob, made["public"], "welcome")
    made["deboras comment"] = _comment(debora, made["limited"], "see you")
    cast.pods.settle()
    made["like on comment"] = alice.call("POST", f"/api/comments/{made['bobs comment']}/likes")[
        "guid"
    ]
    vote = bob.call("POST", f"/api/posts/{made['public']}/votes", {"answer": "pod2"})
    made["vote"] = vote["guid"]
    made["comment on alices"] = _comment(carol, made["alices"], "I keep it")
    cast.pods.settle()


def _comment(user: User, post: str, text: str) -> str:
    guid: str = user.call("POST", f"/api/posts/{post}/comments", {"text": text})["guid"]
    return guid


def reshared_by_alice(cast: Cast) -> str:
    """Have alice reshare what carol has posted, and carol comment on that; the reshare's GUID."""
    path = f"/api/posts/{cast.made['public']}/reshares"
    shared: str = cast.alice.call("POST", path)["guid"]
    cast.pods.settle()
    _comment(cast.carol, shared, "well put")
    cast.pods.settle()
    return shared


def _talk(cast: Cast) -> None:
    talk = {
        "subject": "Boxes",
        "text": "Who helps?",
        "recipients": [cast.bob.diaspora_id, cast.debora.diaspora_id],
    }
    made = cast.carol.call("POST", "/api/conversations", talk)
    cast.made["talk"] = made["guid"]
    cast.pods.settle()
    path = f"/api/conversations/{made['guid']}/messages"
    cast.made["answer"] = cast.bob.call("POST", path, {"text": "I do"})["guid"]
    cast.pods.settle()


def export(user: User) -> bytes:
    """The user's archive as a file."""
    archive: bytes = user.call("GET", "/api/export")
    return archive


def document(archive: bytes) -> dict[str, Any]:
    """The JSON in an archive."""
    content: dict[str, Any] = json.loads(gzip.decompress(archive))
    return content


def packed(content: object) -> bytes:
    """A file with that JSON, for instance one that was tampered with."""
    return gzip.compress(json.dumps(content).encode(), mtime=0)


def upload(pods: Pods, pod: str, archive: bytes) -> dict[str, Any]:
    """Give an archive to the wizard."""
    answer: dict[str, Any] = call(pods[pod], "POST", "/api/imports", archive)
    return answer


def choose(pods: Pods, pod: str, guid: str, username: str) -> dict[str, Any]:
    """Choose a name."""
    body = {"username": username, "email": f"{username}@mail.test", "password": PASSWORD}
    answer: dict[str, Any] = call(pods[pod], "POST", f"/api/imports/{guid}", body)
    return answer


def move(pods: Pods, archive: bytes, username: str = "christy", pod: str = "pod2") -> User:
    """Import an archive, wait until nothing moves any more, log in."""
    guid = upload(pods, pod, archive)["import"]
    choose(pods, pod, guid, username)
    pods.settle()
    return pods.log_in(username, pod)


def report(pods: Pods, pod: str, guid: str) -> dict[str, Any]:
    """How an import stands."""
    answer: dict[str, Any] = call(pods[pod], "GET", f"/api/imports/{guid}")
    return answer


def mails(pods: Pods, pod: str) -> list[tuple[str, str, str]]:
    """Recipient, subject and text of all mails a pod has sent or is going to send."""
    with pods[pod].context.work() as work:
        rows = work.connection.exec_driver_sql("SELECT recipient, subject, text FROM mails")
        return [(row[0], row[1], row[2]) for row in rows]


def import_document(cast: Cast, content: dict[str, Any], pod: str = "pod2") -> list[str]:
    """Import a document as christy; what could not be merged."""
    guid = upload(cast.pods, pod, packed(content))["import"]
    choose(cast.pods, pod, guid, "christy")
    cast.pods.settle()
    found = report(cast.pods, pod, guid)
    assert found["state"] == "done"
    lines: list[str] = found["report"]
    return lines
