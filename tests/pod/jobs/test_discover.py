"""Finding out who an ID is, from pods of this project and from hand-made answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pod.app import Core, create_core
from pod.domain import entities
from pod.domain.entities import Profile
from pod.domain.errors import Conflict, DomainError, Later, NotFound
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.jobs.crypto import WireCrypto
from pod.jobs.discover import discover, refresh
from pod.wire.hcard import HCard, write_hcard
from pod.wire.keys import export_public, load_private
from tests.pod.rooms import NOW, private_key

BOB = DiasporaId("bob@pod3.test")
WEBFINGER = "https://pod3.test/.well-known/webfinger?resource=acct:bob@pod3.test"
HCARD = "https://pod3.test/hcard/users/bob"

Answer = tuple[int, list[tuple[str, str]], bytes]


def _key(position: int = 0) -> str:
    return export_public(load_private(private_key(position, "pod3")).public_key())


def _document(subject: str = BOB, hcard: str = HCARD, seed: str = "https://pod3.test/") -> bytes:
    links = [
        {"rel": "http://microformats.org/profile/hcard", "href": hcard},
        {"rel": "http://joindiaspora.com/seed_location", "href": seed},
    ]
    return json.dumps({"subject": f"acct:{subject}", "links": links}).encode()


def _card(**changes: Any) -> bytes:  # noqa: ANN401 - fields of HCard
    card = HCard(
        guid=Guid("guid-of-bob-00001"),
        full_name="Bob Builder",
        first_name="Bob",
        last_name="Builder",
        public_key=_key(),
        photo_url="https://pod3.test/l.png",
        photo_url_medium="https://pod3.test/m.png",
        photo_url_small="https://pod3.test/s.png",
        searchable=True,
    )
    return write_hcard(replace(card, **changes))


@dataclass
class Net:
    """Answers by address; everything else cannot be reached."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, url: str, body: bytes = b"", status: int = 200, to: str | None = None) -> None:
        self.answers[url] = (status, [("Location", to)] if to else [], body)

    def send(self, method: str, url: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        assert (method, body) == ("GET", b"")
        assert dict(headers)["User-Agent"]
        self.asked.append(url)
        if url not in self.answers:
            raise ConnectionError("nobody there")
        return self.answers[url]


@pytest.fixture
def net() -> Net:
    """bob lives on pod3, as pods in the wild present people."""
    net = Net()
    net.put(WEBFINGER, _document())
    net.put(HCARD, _card())
    return net


@pytest.fixture
def core(tmp_path: Path, net: Net) -> Iterator[Core]:
    """A pod in that net."""
    url = f"sqlite:///{tmp_path / 'pod1'}.sqlite3"
    settings = {"POD_HOST": "pod1.test", "POD_DATABASE_URL": url, "POD_TEST_MODE": "true"}
    made = create_core(settings, send=net.send)
    yield made
    made.close()


def test_a_person_is_pinned_as_the_home_pod_presents_them(core: Core, net: Net) -> None:
    bob = discover(core.context, BOB)
    assert bob == Person(
        id=bob.id,
        diaspora_id=BOB,
        guid=Guid("guid-of-bob-00001"),
        public_key=_key(),
        pod_url="https://pod3.test/",
    )
    with core.context.work() as work:
        assert work.people.profile(bob) == Profile(
            author=BOB,
            first_name="Bob",
            last_name="Builder",
            image_url="https://pod3.test/l.png",
            image_url_medium="https://pod3.test/m.png",
            image_url_small="https://pod3.test/s.png",
            searchable=True,
        )
    assert discover(core.context, BOB) == bob
    assert net.asked == [WEBFINGER, HCARD]


def test_pictures_that_stand_in_for_none_are_no_data(core: Core, net: Net) -> None:
    stand_in = "https://pod3.test/assets/user/default-3f2a.png"
    net.put(HCARD, _card(photo_url=stand_in, photo_url_medium=stand_in, photo_url_small=stand_in))
    bob = discover(core.context, BOB)
    with core.context.work() as work:
        profile = work.people.profile(bob)
    assert (profile.image_url, profile.image_url_medium, profile.image_url_small) == (None,) * 3


def test_refreshing_changes_names_and_pictures_only(core: Core, net: Net) -> None:
    bob = discover(core.context, BOB)
    with core.context.work() as work:
        told = replace(work.people.profile(bob), bio="I fix it.", edited_at=NOW, public=True)
        work.people.set_profile(bob, told)
    net.put(HCARD, _card(first_name="Robert", searchable=False))
    assert refresh(core.context, BOB) == bob
    with core.context.work() as work:
        assert work.people.profile(bob) == replace(told, first_name="Robert", searchable=False)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"guid": Guid("guid-of-bob-00002")}, "another GUID"),
        ({"public_key": _key(1)}, "another key"),
    ],
)
def test_guid_and_key_stay_pinned(
    core: Core, net: Net, changes: dict[str, object], reason: str
) -> None:
    bob = discover(core.context, BOB)
    net.put(HCARD, _card(**changes))
    with pytest.raises(Conflict, match=reason):
        refresh(core.context, BOB)
    with core.context.work() as work:
        assert work.people.by_id(BOB) == bob


@pytest.mark.parametrize("same", ["guid", "key"])
def test_nobody_is_accepted_with_the_guid_or_key_of_somebody_else(
    core: Core, net: Net, same: str
) -> None:
    discover(core.context, BOB)
    twin = DiasporaId("twin@pod3.test")
    net.put(WEBFINGER.replace("bob", "twin"), _document(twin, f"{HCARD}-twin"))
    changes = {"public_key": _key(1)} if same == "guid" else {"guid": Guid("guid-of-twin-0001")}
    net.put(f"{HCARD}-twin", _card(**changes))
    with pytest.raises(Conflict, match=r"bob@pod3\.test"):
        discover(core.context, twin)
    with core.context.work() as work:
        assert work.people.by_id(twin) is None


def test_a_stub_is_completed(core: Core) -> None:
    key_as_in_archive = _key().strip() + "\n\n"
    stub = Person(
        id=0,
        diaspora_id=BOB,
        guid=Guid("guid-of-bob-00001"),
        public_key=key_as_in_archive,
        pod_url="https://pod3.test/",
        stub=True,
    )
    with core.context.work() as work:
        stub = work.people.add(stub, Profile(author=BOB), NOW)
    found = discover(core.context, BOB)
    assert found == replace(stub, stub=False)
    with core.context.work() as work:
        assert work.people.profile(found).first_name == "Bob"


@pytest.mark.parametrize(
    ("url", "status", "body", "error"),
    [
        (WEBFINGER, 404, b"", NotFound),
        (WEBFINGER, 410, b"", NotFound),
        (WEBFINGER, 503, b"", Later),
        (WEBFINGER, 200, b"<html>", Later),
        (WEBFINGER, 200, _document(seed="https://pod1.test/"), NotFound),
        (WEBFINGER, 200, _document(seed="http://pod3.test/"), NotFound),
        (WEBFINGER, 200, _document(seed="https://127.0.0.1/"), NotFound),
        (WEBFINGER, 200, _document(seed="https://pod3.test:8443/"), NotFound),
        (WEBFINGER, 200, _document(hcard="https://127.0.0.1/card"), NotFound),
        (HCARD, 404, b"", NotFound),
        (HCARD, 502, b"", Later),
        (HCARD, 200, b"<html></html>", Later),
    ],
)
def test_who_is_not_presented_properly_is_not_stored(
    core: Core, net: Net, url: str, status: int, body: bytes, error: type[DomainError]
) -> None:
    net.put(url, body, status)
    with pytest.raises(error):
        discover(core.context, BOB)
    with core.context.work() as work:
        assert work.people.by_id(BOB) is None


def test_a_pod_that_cannot_be_reached_is_asked_later(core: Core, net: Net) -> None:
    net.answers.clear()
    with pytest.raises(Later):
        discover(core.context, BOB)


def test_nobody_is_asked_about_people_of_this_pod(core: Core, net: Net) -> None:
    with pytest.raises(NotFound):
        discover(core.context, DiasporaId("nobody@pod1.test"))
    assert net.asked == []


def test_redirects_about_the_same_id_are_followed_over_https_only(core: Core, net: Net) -> None:
    elsewhere = WEBFINGER.replace("pod3.test/.well", "www.pod3.test/.well")
    net.put(WEBFINGER, status=301, to=elsewhere)
    net.put(elsewhere, _document())
    assert discover(core.context, BOB).diaspora_id == BOB
    net.put(WEBFINGER, status=301, to=elsewhere.replace("https", "http"))
    with pytest.raises(NotFound, match="no https"):
        refresh(core.context, BOB)


def test_redirects_in_circles_end(core: Core, net: Net) -> None:
    net.put(WEBFINGER, status=302, to=WEBFINGER)
    with pytest.raises(NotFound, match="more than 4 times"):
        discover(core.context, BOB)


@pytest.mark.parametrize("as_redirect", [True, False])
def test_a_hint_to_somebody_else_changes_nothing_without_proof(
    core: Core, net: Net, *, as_redirect: bool
) -> None:
    target = "https://pod4.test/.well-known/webfinger?resource=acct:eve@pod4.test"
    if as_redirect:
        net.put(WEBFINGER, status=301, to=target)
    else:
        net.put(WEBFINGER, _document("eve@pod4.test"))
    net.put(target, _document("eve@pod4.test"))
    for host in ("pod3.test", "pod4.test"):
        net.put(f"https://{host}/fetch/account_rename/{BOB}", status=404)
    with pytest.raises(NotFound):
        discover(core.context, BOB)
    with core.context.work() as work:
        assert work.people.by_id(BOB) is None
        assert work.people.by_id(DiasporaId("eve@pod4.test")) is None


def _rename(old_id: str, new_id: str) -> bytes:
    """What old_id's pod says about its move; nothing in it can be true in a circle."""
    person = entities.Person(
        guid=Guid(f"guid-of-{new_id}"),
        author=DiasporaId(new_id),
        url=f"https://{DiasporaId(new_id).host}/",
        profile=Profile(author=DiasporaId(new_id)),
        exported_key=_key(1),
    )
    entity = entities.AccountRename(author=DiasporaId(old_id), person=person)
    return WireCrypto().seal(entity, private_key(0, "pod3"), DiasporaId(old_id))


def test_people_who_moved_in_a_circle_are_not_found(core: Core, net: Net) -> None:
    eve = DiasporaId("eve@pod4.test")
    eves = "https://pod4.test/.well-known/webfinger?resource=acct:eve@pod4.test"
    net.put(WEBFINGER, status=301, to=eves)
    net.put(eves, status=301, to=WEBFINGER)
    for old_id, new_id in ((BOB, eve), (eve, BOB)):
        for host in ("pod3.test", "pod4.test"):
            proof = _rename(old_id, new_id)
            net.put(f"https://{host}/fetch/account_rename/{old_id}", proof)
    with pytest.raises(NotFound, match="leads nowhere"):
        discover(core.context, BOB)
    with core.context.work() as work:
        assert [work.people.by_id(BOB), work.people.by_id(eve)] == [None, None]
        assert [work.migrations.alias(BOB), work.migrations.alias(eve)] == [None, None]
