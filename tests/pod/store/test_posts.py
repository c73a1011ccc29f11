"""Posts and what hangs on them in a real database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from pod.domain.content import Post
from pod.domain.entities import (
    Comment,
    Like,
    Location,
    Photo,
    Poll,
    PollAnswer,
    PollParticipation,
    Profile,
    Reshare,
    StatusMessage,
)
from pod.domain.errors import Conflict, NotFound
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.store import engine
from pod.store.interactions import Interactions
from pod.store.people import People
from pod.store.posts import Posts
from pod.store.schema import locations, photos, poll_answers, relayable_signatures

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def guid(text: str) -> Guid:
    return Guid(f"{text:0>16}")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    url = f"sqlite:///{tmp_path}/pod.sqlite3"
    engine.prepare(url)
    opened = engine.open_engine(url)
    with opened.connect() as made, made.begin():
        yield made
    opened.dispose()


def add_person(connection: Connection, name: str) -> Person:
    diaspora_id = DiasporaId(f"{name}@pod2.test")
    person = Person(
        id=0,
        diaspora_id=diaspora_id,
        guid=guid(name),
        public_key=f"key of {name}",
        pod_url="https://pod2.test/",
    )
    return People(connection).add(person, Profile(author=diaspora_id), NOW)


@pytest.fixture
def alice(connection: Connection) -> Person:
    return add_person(connection, "alice")


@pytest.fixture
def bob(connection: Connection) -> Person:
    return add_person(connection, "bob")


def message(author: Person) -> StatusMessage:
    """A post with everything in it."""
    return StatusMessage(
        author=author.diaspora_id,
        guid=guid("post"),
        created_at=NOW,
        public=True,
        provider_display_name="elsewhere",
        text="Which way?",
        photos=tuple(photo(author, name) for name in ("photoB", "photoA")),
        location=Location(address="Graz", lat="47.07", lng="15.43"),
        poll=Poll(
            guid=guid("poll"),
            question="Left or right?",
            poll_answers=(
                PollAnswer(guid=guid("right"), answer="right"),
                PollAnswer(guid=guid("left"), answer="left"),
            ),
        ),
    )


def photo(author: Person, name: str) -> Photo:
    return Photo(
        guid=guid(name),
        author=author.diaspora_id,
        public=True,
        created_at=NOW,
        remote_photo_path="https://pod2.test/uploads/images/",
        remote_photo_name=f"{guid(name)}.png",
        status_message_guid=guid("post"),
        height=48,
        width=64,
    )


def comment(author: Person, name: str = "comment") -> Comment:
    return Comment(
        author=author.diaspora_id,
        guid=guid(name),
        parent_guid=guid("post"),
        text="Straight on.",
        created_at=NOW,
    )


def like(author: Person, name: str, target: Guid, target_type: str) -> Like:
    return Like(
        author=author.diaspora_id, guid=guid(name), parent_guid=target, parent_type=target_type
    )


def vote(author: Person, answer: str = "left") -> PollParticipation:
    return PollParticipation(
        author=author.diaspora_id,
        guid=guid("vote"),
        parent_guid=guid("poll"),
        poll_answer_guid=guid(answer),
    )


def discussed(connection: Connection, alice: Person, bob: Person) -> Post:
    """alice's post with a comment, likes of both and a vote by bob."""
    post = Posts(connection).add(message(alice), alice)
    interactions = Interactions(connection)
    for entity in (
        comment(bob),
        like(bob, "like-post", guid("post"), "Post"),
        like(alice, "like-comment", guid("comment"), "Comment"),
        vote(bob),
    ):
        author = alice if entity.author == alice.diaspora_id else bob
        interactions.add(entity, author, post)
    return post


def test_a_post_is_read_back_as_it_was_stored(connection: Connection, alice: Person) -> None:
    posts = Posts(connection)

    stored = posts.add(message(alice), alice)

    assert posts.entity(stored) == message(alice)
    assert posts.by_poll(guid("poll")) == stored


def test_a_reshare_names_its_root(connection: Connection, alice: Person, bob: Person) -> None:
    posts = Posts(connection)
    root = posts.add(message(alice), alice)
    reshare = Reshare(
        author=bob.diaspora_id,
        guid=guid("reshare"),
        created_at=NOW,
        root_author=alice.diaspora_id,
        root_guid=root.guid,
    )

    stored = posts.add(reshare, bob)

    assert posts.entity(stored) == reshare
    assert posts.reshares_of(root) == (stored,)
    assert posts.reshare_by(bob, root) == stored


def test_a_stub_is_filled_in_when_the_post_arrives(connection: Connection, alice: Person) -> None:
    posts = Posts(connection)
    stub = posts.add_stub(guid("post"), alice)

    stored = posts.add(message(alice), alice)

    assert (stub.id, stub.stub) == (stored.id, True)
    assert not stored.stub
    assert posts.entity(stored) == message(alice)


def test_a_removed_post_leaves_nothing_but_rootless_reshares(
    connection: Connection, alice: Person, bob: Person
) -> None:
    posts, interactions = Posts(connection), Interactions(connection)
    post = discussed(connection, alice, bob)
    interactions.sign(replace(comment(bob), author_signature="c2ln", signed=(("a", "b"),)), bob)
    root_guid, author = post.guid, alice.diaspora_id
    reshare = Reshare(
        author=bob.diaspora_id, guid=guid("reshare"), root_author=author, root_guid=root_guid
    )
    kept = posts.add(reshare, bob)

    posts.remove(post)

    assert posts.by_guid(post.guid) is None
    assert posts.by_guid(kept.guid) == replace(kept, root_guid=None, root_author=None)
    left = (photos, locations, poll_answers, relayable_signatures)
    rows = [connection.scalar(select(func.count()).select_from(table)) for table in left]
    assert rows == [0, 0, 0, 0]


def test_interactions_are_listed_with_todays_authors(
    connection: Connection, alice: Person, bob: Person
) -> None:
    post = discussed(connection, alice, bob)
    interactions = Interactions(connection)

    assert interactions.on(post) == (
        comment(bob),
        like(bob, "like-post", guid("post"), "Post"),
        like(alice, "like-comment", guid("comment"), "Comment"),
        vote(bob),
    )
    assert interactions.authors_on(post) == (alice, bob)
    assert interactions.by_author(alice) == (
        (like(alice, "like-comment", guid("comment"), "Comment"), post),
    )


def test_a_like_of_a_comment_hangs_on_the_post(
    connection: Connection, alice: Person, bob: Person
) -> None:
    post = discussed(connection, alice, bob)

    found = Interactions(connection).find("like", guid("like-comment"))

    assert found is not None
    assert (found.root, found.author) == (post, alice)


def test_nobody_likes_or_votes_twice(connection: Connection, alice: Person, bob: Person) -> None:
    post = discussed(connection, alice, bob)
    interactions = Interactions(connection)

    with pytest.raises(Conflict, match="likes"):
        interactions.add(like(bob, "again", guid("post"), "Post"), bob, post)
    with pytest.raises(Conflict, match="voted"):
        interactions.add(replace(vote(bob, "right"), guid=guid("again")), bob, post)


def test_a_vote_for_another_polls_answer_is_not_stored(
    connection: Connection, alice: Person, bob: Person
) -> None:
    post = discussed(connection, alice, bob)
    with pytest.raises(NotFound, match="has no answer"):
        Interactions(connection).add(vote(alice, "elsewhere"), alice, post)


def test_a_removed_comment_takes_its_likes_and_signatures_along(
    connection: Connection, alice: Person, bob: Person
) -> None:
    post = discussed(connection, alice, bob)
    interactions = Interactions(connection)
    on_comment = like(alice, "like-comment", guid("comment"), "Comment")
    for entity, signer in ((comment(bob), bob), (on_comment, alice)):
        interactions.sign(replace(entity, author_signature="c2ln"), signer)
    found = interactions.find("comment", guid("comment"))
    assert found is not None

    interactions.remove(found)

    assert interactions.on(post) == (like(bob, "like-post", guid("post"), "Post"), vote(bob))
    assert interactions.signed("like", guid("like-comment")) is None
    assert connection.scalar(select(func.count()).select_from(relayable_signatures)) == 0


def test_a_signed_interaction_keeps_what_was_signed_and_by_whom(
    connection: Connection, alice: Person, bob: Person
) -> None:
    discussed(connection, alice, bob)
    old = add_person(connection, "robert")
    signed = replace(
        comment(bob),
        author=old.diaspora_id,
        author_signature="c2lnbmF0dXJl",
        signed=(("author", "robert@pod2.test"), ("unknown", "ä;ö")),
    )
    interactions = Interactions(connection)

    interactions.sign(signed, old)
    interactions.sign(signed, old)

    assert interactions.signed("comment", guid("comment")) == (signed, old)


def test_one_person_participates_once_until_leaving(
    connection: Connection, alice: Person, bob: Person
) -> None:
    post = Posts(connection).add(message(alice), alice)
    interactions = Interactions(connection)

    assert interactions.participate(bob, post, guid("first"))
    assert not interactions.participate(bob, post, guid("second"))
    assert interactions.participants(post) == (bob,)
    assert interactions.subscription(guid("first")) == (bob, post)
    assert interactions.participated(bob) == ((guid("first"), post),)
    assert interactions.leave(bob, post) == guid("first")
    assert interactions.leave(bob, post) is None


def test_mentions_and_audience_name_each_person_once(
    connection: Connection, alice: Person, bob: Person
) -> None:
    posts, interactions = Posts(connection), Interactions(connection)
    post = discussed(connection, alice, bob)

    for _ in range(2):
        posts.mention([bob, alice, bob], post=post)
        posts.address(post, [bob, bob], [])
        interactions.mention([alice, alice], comment=guid("comment"))

    assert posts.mentioned(post) == (bob, alice)
    assert posts.audience(post) == (bob,)
    assert interactions.mentioned(guid("comment")) == (alice,)


def test_a_newer_photo_replaces_the_older_but_keeps_its_place(
    connection: Connection, alice: Person
) -> None:
    posts = Posts(connection)
    post = posts.add(message(alice), alice)
    newer = replace(photo(alice, "photoB"), text="sharper")

    posts.put_photo(newer, alice)

    entity = posts.entity(post)
    assert isinstance(entity, StatusMessage)
    assert entity.photos == (newer, photo(alice, "photoA"))
    assert posts.photos_of(alice) == entity.photos


def test_a_removed_photo_takes_only_its_own_file_along(
    connection: Connection, alice: Person
) -> None:
    posts = Posts(connection)
    own, foreign = photo(alice, "own"), photo(alice, "foreign")
    posts.put_photo(own, alice)
    posts.put_photo(replace(foreign, remote_photo_name="someone-elses.png"), alice)
    posts.put_file(own.remote_photo_name, "image/png", b"own")
    posts.put_file("someone-elses.png", "image/png", b"theirs")

    posts.remove_photo(own.guid)
    posts.remove_photo(foreign.guid)

    assert posts.photos_of(alice) == ()
    assert posts.file(own.remote_photo_name) is None
    assert posts.file("someone-elses.png") == ("image/png", b"theirs")
