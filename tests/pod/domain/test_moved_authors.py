"""Relaying when somebody concerned has moved: old names are resolved, old signatures still hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pod.app import Core
from pod.domain import interacting, receive
from pod.domain.entities import Comment, Participation, Reshare, Retraction, StatusMessage
from pod.domain.errors import InvalidSender, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.domain.incoming import Incoming
from pod.domain.people import Account, Person
from pod.domain.ports import Migration
from pod.store.unit_of_work import UnitOfWork
from pod.wire.keys import load_private
from pod.wire.signatures import sign_relayable
from tests.pod.acquainted import COMMENT, NOW, POST, add_person, on_the_post, pod_of
from tests.pod.wire.vectors import owners

CAROL, CHRISTY = (DiasporaId(owners()[label].diaspora_id) for label in ("carol_old", "christy_new"))
SAID = Guid("ca201ca201ca201ca201")
ANSWER = Guid("a05e4a05e4a05e4a05e4")


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """A pod elsewhere that holds alice's post."""
    with pod_of({"context": [{"local": False}]}, tmp_path) as made:
        yield made


@pytest.fixture
def old_home(tmp_path: Path) -> Iterator[Core]:
    """The pod of alice, formerly also of carol, who has moved away."""
    with pod_of({"context": [{"local": True}]}, tmp_path) as made:
        yield made


def move(work: UnitOfWork) -> tuple[Person, Person]:
    """carol becomes christy, as far as this pod knows."""
    old, new = add_person(work, "carol_old"), add_person(work, "christy_new")
    work.migrations.add(
        Migration(
            old=old, new=new, form="account_rename", envelope=b"moved", originated_here=False
        ),
        NOW,
    )
    work.people.close(old)
    work.migrations.repoint(old, new)
    account = work.accounts.by_person(old)
    if account is not None:
        work.accounts.set_state(account, "closed")
    return work.people.get(old.id), new


def incoming(work: UnitOfWork, sender: str, recipient: Account | None = None) -> Incoming:
    person = work.people.need(DiasporaId(owners()[sender].diaspora_id))
    return Incoming(sender=person, recipient=recipient, envelope=b"")


def by_carol(signer: str = "carol_old") -> Comment:
    comment = Comment(author=CAROL, guid=ANSWER, parent_guid=POST, text="As carol.", created_at=NOW)
    key = load_private(owners()[signer].pem["private_key_pkcs8_pem"])
    return sign_relayable(comment, key)


def post_of_christy(work: UnitOfWork, new: Person) -> None:
    entity = StatusMessage(author=CHRISTY, guid=SAID, public=True, text="From my old home.")
    work.posts.add(entity, new)


def queued(core: Core) -> list[tuple[str, str]]:
    """Entity and pod of what waits to be sent."""
    from sqlalchemy import select

    from pod.store.schema import deliveries, outgoing

    with core.context.work() as work:
        query = select(outgoing.c.entity, deliveries.c.pod_url).join(deliveries)
        return [(row.entity, row.pod_url) for row in work.connection.execute(query)]


def test_a_relayed_comment_under_an_old_id_belongs_to_the_newest(core: Core) -> None:
    with core.context.work() as work:
        move(work)
        receive.receive(work, by_carol(), incoming(work, "alice"))
        found = work.interactions.find("comment", ANSWER)
        assert found is not None
        assert found.author.diaspora_id == CHRISTY
        signed = work.interactions.signed("comment", ANSWER)
    assert signed is not None
    assert (signed[0], signed[1].diaspora_id) == (by_carol(), CAROL)


def test_the_new_key_does_not_sign_for_the_old_id(core: Core) -> None:
    with core.context.work() as work:
        move(work)
    with core.context.work() as work, pytest.raises(Refused):
        receive.receive(work, by_carol("christy_new"), incoming(work, "alice"))
    assert on_the_post(core) == {COMMENT}


def test_the_old_id_sends_nothing_more_itself(old_home: Core) -> None:
    with old_home.context.work() as work:
        move(work)
    with old_home.context.work() as work, pytest.raises(InvalidSender, match="closed"):
        receive.receive(work, by_carol(), incoming(work, "carol_old"))


def test_a_reshare_may_name_the_root_author_by_the_old_id(core: Core) -> None:
    with core.context.work() as work:
        _, new = move(work)
        post_of_christy(work, new)
        bob = DiasporaId(owners()["bob"].diaspora_id)
        reshare = Reshare(author=bob, guid=ANSWER, root_author=CAROL, root_guid=SAID)
        receive.receive(work, reshare, incoming(work, "bob"))
        stored = work.posts.by_guid(ANSWER)
        assert stored is not None
        assert stored.root_author == new


def test_the_old_home_answers_a_comment_for_who_moved_and_does_not_store_it(
    old_home: Core,
) -> None:
    dave = DiasporaId(owners()["dave"].diaspora_id)
    comment = Comment(author=dave, guid=ANSWER, parent_guid=SAID, text="Still there?")
    with old_home.context.work() as work:
        _, new = move(work)
        post_of_christy(work, new)
    with old_home.context.work() as work:
        receive.receive(work, comment, incoming(work, "dave"))
        assert work.interactions.find("comment", ANSWER) is None
    assert queued(old_home) == [("account_rename", "https://pod-d.example.org:3000/")]


def test_the_old_home_answers_a_private_message_for_who_moved(old_home: Core) -> None:
    dave = DiasporaId(owners()["dave"].diaspora_id)
    entity = Participation(author=dave, guid=ANSWER, parent_guid=SAID)
    with old_home.context.work() as work:
        old, _ = move(work)
        account = work.accounts.by_person(old)
        receive.receive(work, entity, incoming(work, "dave", account))
        assert work.interactions.subscription(ANSWER) is None
    assert queued(old_home) == [("account_rename", "https://pod-d.example.org:3000/")]


def test_the_old_home_obeys_a_late_retraction_and_tells_of_the_move(old_home: Core) -> None:
    dave = DiasporaId(owners()["dave"].diaspora_id)
    with old_home.context.work() as work:
        _, new = move(work)
        post_of_christy(work, new)
        root = work.posts.by_guid(SAID)
        assert root is not None
        comment = Comment(author=dave, guid=ANSWER, parent_guid=SAID, text="Hm.")
        work.interactions.add(comment, work.people.need(dave), root)
    retraction = Retraction(author=dave, target_guid=ANSWER, target_type="Comment")
    with old_home.context.work() as work:
        receive.receive(work, retraction, incoming(work, "dave"))
        assert work.interactions.find("comment", ANSWER) is None
    assert queued(old_home) == [("account_rename", "https://pod-d.example.org:3000/")]


def test_a_neighbour_left_behind_sends_comments_to_the_new_home(old_home: Core) -> None:
    with old_home.context.work() as work:
        _, new = move(work)
        post_of_christy(work, new)
    with old_home.context.work() as work:
        alice, root = work.accounts.by_username("alice"), work.posts.by_guid(SAID)
        assert alice is not None
        assert root is not None
        made = interacting.comment(work, alice, root, "Safe journey!")
    assert made.author_signature is not None
    assert queued(old_home) == [
        ("comment", "https://pod-b.example.org/"),
        ("participation", "https://pod-b.example.org/"),
    ]
