"""Posts, photos, mentions and audiences in a real database."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select

from pod.domain.entities import (
    Reshare,
    StatusMessage,
)
from pod.domain.people import Person
from pod.store.engine import Store
from pod.store.interactions import Interactions
from pod.store.posts import Posts
from pod.store.schema import locations, photos, poll_answers, relayable_signatures
from tests.pod.store.discussion import (
    NOW,
    add_person,
    comment,
    discussed,
    guid,
    message,
    photo,
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


def test_posts_and_comments_that_mention_somebody_are_found(
    connection: Connection, alice: Person, bob: Person
) -> None:
    posts, interactions = Posts(connection), Interactions(connection)
    post = discussed(connection, alice, bob)
    carol, dave = (add_person(connection, name) for name in ("carol", "dave"))
    posts.mention([carol], post=post)
    interactions.mention([dave], comment=guid("comment"))

    assert posts.mentioning(carol) == (post,)
    assert posts.mentioning(dave) == ()
    assert interactions.mentioning(carol) == ()
    (found,) = interactions.mentioning(dave)
    assert (found.guid, found.root) == (guid("comment"), post)


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
