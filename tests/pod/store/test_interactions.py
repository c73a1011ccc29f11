"""Comments, likes, votes and participations in a real database."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select

from pod.domain.errors import Conflict, NotFound
from pod.domain.people import Person
from pod.store.engine import Store
from pod.store.interactions import Interactions
from pod.store.posts import Posts
from pod.store.schema import relayable_signatures
from tests.pod.store.discussion import (
    add_person,
    comment,
    discussed,
    guid,
    like,
    message,
    vote,
)


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.work() as work:
        yield work.connection


@pytest.fixture
def alice(connection: Connection) -> Person:
    return add_person(connection, "alice")


@pytest.fixture
def bob(connection: Connection) -> Person:
    return add_person(connection, "bob")


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
