"""A post with everything in it, and a discussion under it, as stored."""

from datetime import UTC, datetime

from sqlalchemy import Connection

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
    StatusMessage,
)
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.store.interactions import Interactions
from pod.store.people import People
from pod.store.posts import Posts

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def guid(text: str) -> Guid:
    return Guid(f"{text:0>16}")


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
