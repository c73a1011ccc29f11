"""Everything that names the old person names the new one afterwards, and nothing is there twice.

Collisions are planted for every unique constraint that has a person or an account in it. The list
below is compared with the schema: a new table that names people has to be added, or a test fails.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Table, UniqueConstraint, func, insert, select, update

from pod.domain.people import Account, Person
from pod.store import schema
from pod.store.engine import Store
from pod.store.repointing import STAYING
from pod.store.schema import references_to
from pod.store.unit_of_work import UnitOfWork
from tests.pod.rooms import NOW, add_account, add_person

Row = dict[str, Any]


class Setting:
    """An account bob, a post of his with a poll and a comment, and two people: old and new."""

    def __init__(self, work: UnitOfWork, *, local: bool = False) -> None:
        self.work = work
        self.account = add_account(work, "bob", 0)
        self.bob = self.account.person
        self.old: Person
        self.new: Person
        if local:
            self.old = add_account(work, "carol", 1).person
            self.new = add_account(work, "christy", 2).person
        else:
            self.old = add_person(work, "carol@pod2.test", 0)
            self.new = add_person(work, "christy@pod3.test", 1)
        self.post = self.add(
            schema.posts, guid="post" * 4, kind="status_message", author_id=self.bob.id, public=True
        )
        self.comment = self.add(
            schema.comments, guid="comm" * 4, author_id=self.bob.id, post_id=self.post, text="hello"
        )
        self.poll = self.add(schema.polls, guid="poll" * 4, post_id=self.post, question="?")
        self.answer = self.add(
            schema.poll_answers, guid="answ" * 4, poll_id=self.poll, answer="yes", position=0
        )
        self.talk = self.add(
            schema.conversations,
            guid="talk" * 4,
            author_id=self.bob.id,
            subject="s",
            created_at=NOW,
        )

    def add(self, table: Table, **values: object) -> int:
        statement = insert(table).values(**values).returning(table.c.id)
        row_id: int = self.work.connection.execute(statement).scalar_one()
        return row_id

    def rows(self, table: Table, *names: str) -> list[tuple[Any, ...]]:
        columns = [table.c[name] for name in names]
        query = select(*columns).order_by(table.c.id)
        return [tuple(row) for row in self.work.connection.execute(query)]

    def repoint(self) -> None:
        self.work.migrations.repoint(self.old, self.new)

    def shared(self, name: str) -> Row:
        """What two rows that collide in that table have in common, but for GUIDs."""
        post = {"post_id": self.post}
        rows: dict[str, Row] = {
            "contacts": {"account_id": self.account.id},
            "blocks": {"account_id": self.account.id},
            "posts": {"kind": "reshare", "public": True, "root_guid": "post" * 4},
            "post_audience": post,
            "mentions": post,
            "likes": post,
            "participations": post,
            "poll_participations": {"poll_id": self.poll, "poll_answer_id": self.answer},
            "conversation_participants": {"conversation_id": self.talk},
            "notifications": {
                "account_id": self.account.id,
                "kind": "liked",
                "target_guid": "post" * 4,
                "created_at": NOW,
            },
        }
        return rows[name]


@pytest.fixture
def setting(store: Store) -> Iterator[Setting]:
    with store.work() as work:
        yield Setting(work)


def _collidable(of: Table) -> list[tuple[str, tuple[str, ...]]]:
    """Table and columns of every unique set with a reference to that table in it."""
    found = set()
    for column in references_to(of):
        table = column.table
        sets = [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
        sets += [list(index.columns) for index in table.indexes if index.unique]
        found |= {
            (table.name, tuple(sorted(each.name for each in columns)))
            for columns in sets
            if column in columns and table not in STAYING
        }
    return sorted(found)


PERSON_COLLISIONS = [
    ("blocks", ("account_id", "person_id")),
    ("contacts", ("account_id", "person_id")),
    ("conversation_participants", ("conversation_id", "person_id")),
    ("likes", ("author_id", "comment_id")),
    ("likes", ("author_id", "post_id")),
    ("mentions", ("comment_id", "person_id")),
    ("mentions", ("person_id", "post_id")),
    ("notifications", ("account_id", "actor_id", "kind", "target_guid")),
    ("participations", ("author_id", "post_id")),
    ("poll_participations", ("author_id", "poll_id")),
    ("post_audience", ("person_id", "post_id")),
    ("posts", ("author_id", "root_guid")),
]
ACCOUNT_COLLISIONS = [
    ("aspects", ("account_id", "name")),
    ("blocks", ("account_id", "person_id")),
    ("contacts", ("account_id", "person_id")),
    ("notifications", ("account_id", "actor_id", "kind", "target_guid")),
    ("post_visibilities", ("account_id", "post_id")),
    ("tag_followings", ("account_id", "tag")),
]
PERSON_COLUMNS = [
    ("blocks", "person_id"),
    ("comments", "author_id"),
    ("contacts", "person_id"),
    ("conversation_participants", "person_id"),
    ("conversations", "author_id"),
    ("likes", "author_id"),
    ("mentions", "person_id"),
    ("messages", "author_id"),
    ("notifications", "actor_id"),
    ("participations", "author_id"),
    ("photos", "author_id"),
    ("poll_participations", "author_id"),
    ("post_audience", "person_id"),
    ("posts", "author_id"),
    ("posts", "root_author_id"),
]


def test_the_schema_has_no_person_reference_that_these_tests_do_not_know() -> None:
    known = sorted((column.table.name, column.name) for column in references_to(schema.people))
    assert known == PERSON_COLUMNS
    assert _collidable(schema.people) == PERSON_COLLISIONS
    assert _collidable(schema.accounts) == ACCOUNT_COLLISIONS
    assert sorted(table.name for table in STAYING) == [
        "completions",
        "imports",
        "inbox",
        "sessions",
    ]


@pytest.mark.parametrize(("name", "column"), PERSON_COLUMNS)
def test_every_reference_follows_the_person(setting: Setting, name: str, column: str) -> None:
    table = schema.metadata.tables[name]
    rows: dict[str, Row] = {
        "comments": {"guid": "new1" * 4, "post_id": setting.post, "text": "x"},
        "conversations": {"guid": "new1" * 4, "subject": "s"},
        "messages": {"guid": "new1" * 4, "conversation_id": setting.talk, "text": "x"},
        "photos": {
            "guid": "new1" * 4,
            "public": True,
            "remote_photo_path": "https://pod2.test/",
            "remote_photo_name": "a.png",
        },
    }
    values = rows[name] if name in rows else _with_guid(table, setting.shared(name), "new1")
    if column == "root_author_id":
        values |= {"author_id": setting.bob.id}
    if name == "contacts":
        values |= {"receiving": True}
    if name == "post_audience":
        setting.work.connection.execute(
            update(schema.posts).values(author_id=setting.bob.id, public=False)
        )
    row_id = setting.add(table, **values, **{column: setting.old.id})
    setting.repoint()
    query = select(table.c[column]).where(table.c.id == row_id)
    assert setting.work.connection.scalar(query) == setting.new.id


def _with_guid(table: Table, values: Row, guid: str) -> Row:
    return {**values, **({"guid": guid * 4} if "guid" in table.c else {})}


@pytest.mark.parametrize(("name", "columns"), PERSON_COLLISIONS)
def test_of_two_rows_that_become_equal_the_new_persons_stays(
    setting: Setting, name: str, columns: tuple[str, ...]
) -> None:
    table = schema.metadata.tables[name]
    person = next(each for each in columns if each in ("person_id", "author_id", "actor_id"))
    values = setting.shared(name)
    if "comment_id" in columns:
        values = {"comment_id": setting.comment}
    if name == "contacts":
        values = {**values, "receiving": True}
    setting.add(table, **_with_guid(table, values, "lost"), **{person: setting.old.id})
    kept = setting.add(table, **_with_guid(table, values, "kept"), **{person: setting.new.id})
    before = _count(setting, table)
    setting.repoint()
    query = select(table.c.id).where(table.c[person] == setting.new.id)
    assert list(setting.work.connection.scalars(query)) == [kept]
    assert _count(setting, table) == before - 1


def _count(setting: Setting, table: Table) -> int:
    number = setting.work.connection.scalar(select(func.count()).select_from(table))
    return number or 0


FLAGS = [(True, False), (False, True), (True, True)]


@pytest.mark.parametrize(("old", "new"), list(product(FLAGS, FLAGS)))
def test_contacts_are_united_with_their_flags_and_aspects(
    setting: Setting, old: tuple[bool, bool], new: tuple[bool, bool]
) -> None:
    sharing = setting.work.sharing
    aspects = {name: sharing.add_aspect(setting.account, name) for name in ("a", "b", "both")}
    for person, flags, own in ((setting.old, old, "a"), (setting.new, new, "b")):
        contact = sharing.set_contact(setting.account, person, sharing=flags[0], receiving=flags[1])
        assert contact is not None
        sharing.set_memberships(contact, (aspects[own], aspects["both"]))
    setting.repoint()
    (contact,) = sharing.contacts(setting.account)
    assert contact.person.id == setting.new.id
    assert (contact.sharing, contact.receiving) == (old[0] or new[0], old[1] or new[1])
    assert [aspect.name for aspect in sharing.memberships(contact)] == ["a", "b", "both"]


@pytest.mark.parametrize("names", [("old", "new"), ("new", "old")])
def test_a_block_wins_over_a_contact(setting: Setting, names: tuple[str, str]) -> None:
    sharing = setting.work.sharing
    blocked, other = (getattr(setting, name) for name in names)
    contact = sharing.set_contact(setting.account, other, sharing=True, receiving=True)
    assert contact is not None
    sharing.add_membership(contact, sharing.add_aspect(setting.account, "a"))
    sharing.block(setting.account, blocked)
    setting.repoint()
    (contact,) = sharing.contacts(setting.account)
    assert (contact.sharing, contact.receiving) == (True, False)
    assert sharing.memberships(contact) == ()
    assert [person.id for person in sharing.blocked(setting.account)] == [setting.new.id]


def test_comments_under_two_reshares_of_one_post_come_together(setting: Setting) -> None:
    reshares = {}
    for guid, person in (("lost", setting.old), ("kept", setting.new)):
        shared = setting.shared("posts")
        reshare = setting.add(schema.posts, **shared, guid=guid * 4, author_id=person.id)
        setting.add(
            schema.comments,
            guid=f"{guid}x" * 4,
            author_id=setting.bob.id,
            post_id=reshare,
            text="x",
        )
        like = {"guid": f"{guid}l" * 4, "author_id": setting.bob.id, "post_id": reshare}
        setting.add(schema.likes, **like)
        setting.add(
            schema.notifications,
            account_id=setting.account.id,
            kind="reshared",
            actor_id=person.id,
            target_guid=guid * 4,
            created_at=NOW,
        )
        reshares[guid] = reshare
    setting.repoint()
    kept = reshares["kept"]
    assert setting.rows(schema.comments, "guid", "post_id")[1:] == [
        ("lostxlostxlostxlostx", kept),
        ("keptxkeptxkeptxkeptx", kept),
    ]
    assert setting.rows(schema.likes, "guid", "post_id") == [("keptl" * 4, kept)]
    assert setting.rows(schema.notifications, "actor_id", "target_guid") == [
        (setting.new.id, "kept" * 4)
    ]


def test_a_like_that_goes_takes_its_signature_along(setting: Setting) -> None:
    for guid, person in (("lost", setting.old), ("kept", setting.new)):
        like = {"guid": guid * 4, "author_id": person.id, "post_id": setting.post}
        setting.add(schema.likes, **like)
        signature = {"entity": "like", "guid": guid * 4, "signer_id": person.id, "signed": "[]"}
        setting.add(schema.relayable_signatures, **signature)
    setting.repoint()
    rows = setting.rows(schema.relayable_signatures, "guid", "signer_id")
    assert rows == [("kept" * 4, setting.new.id)]


def test_history_keeps_naming_the_old_person(setting: Setting) -> None:
    signature = {"entity": "comment", "guid": "comm" * 4, "signed": "[]"}
    setting.add(schema.relayable_signatures, **signature, signer_id=setting.old.id)
    setting.work.migrations.record_deletion(setting.old, NOW)
    setting.repoint()
    assert setting.rows(schema.relayable_signatures, "signer_id") == [(setting.old.id,)]
    assert setting.rows(schema.account_deletions, "person_id") == [(setting.old.id,)]


def test_nobody_becomes_a_contact_of_themselves_or_blocks_or_notifies_themselves(
    store: Store,
) -> None:
    with store.work() as work:
        setting = Setting(work, local=True)
        christy = _account(work, setting.new)
        work.sharing.set_contact(christy, setting.old, sharing=True, receiving=True)
        work.sharing.block(_account(work, setting.old), setting.new)
        work.notifications.add(christy, "started_sharing", setting.old, NOW)
        setting.repoint()
        assert work.sharing.contacts(christy) == ()
        assert work.sharing.blocked(christy) == ()
        assert setting.rows(schema.notifications, "id") == []


def _account(work: UnitOfWork, person: Person) -> Account:
    account = work.accounts.by_person(person)
    assert account is not None
    return account


@pytest.mark.parametrize(("name", "columns"), ACCOUNT_COLLISIONS)
def test_on_one_pod_what_belonged_to_the_old_account_moves_to_the_new_one(
    store: Store, name: str, columns: tuple[str, ...]
) -> None:
    with store.work() as work:
        setting = Setting(work, local=True)
        table = schema.metadata.tables[name]
        rows: dict[str, Row] = {
            "aspects": {"name": "friends", "position": 0},
            "blocks": {"person_id": setting.bob.id},
            "contacts": {"person_id": setting.bob.id, "receiving": True},
            "notifications": {
                "kind": "liked",
                "actor_id": setting.bob.id,
                "target_guid": "post" * 4,
                "created_at": NOW,
            },
            "post_visibilities": {"post_id": setting.post},
            "tag_followings": {"tag": "boxes"},
        }
        own = rows[name]
        assert "account_id" in columns
        old, new = _account(work, setting.old), _account(work, setting.new)
        setting.add(table, **own, account_id=old.id)
        kept = setting.add(table, **own, account_id=new.id)
        setting.repoint()
        assert setting.rows(table, "id", "account_id") == [(kept, new.id)]


def test_on_one_pod_aspects_of_one_name_unite_their_members(store: Store) -> None:
    with store.work() as work:
        setting = Setting(work, local=True)
        dave = add_person(work, "dave@pod4.test", 3)
        for person, member in ((setting.old, setting.bob), (setting.new, dave)):
            account = _account(work, person)
            aspect = work.sharing.add_aspect(account, "friends")
            contact = work.sharing.set_contact(account, member, receiving=True)
            assert contact is not None
            work.sharing.add_membership(contact, aspect)
        setting.repoint()
        aspects = work.sharing.aspects(_account(work, setting.new))
        assert [aspect.name for aspect in aspects] == ["friends"]
        members = [person.diaspora_id for person in work.sharing.members(aspects)]
        assert members == ["bob@pod1.test", "dave@pod4.test"]


def test_an_account_that_moved_here_sees_limited_posts_that_were_addressed_to_it(
    store: Store,
) -> None:
    with store.work() as work:
        setting = Setting(work)
        christy = add_account(work, "christy", 2)
        setting.new = christy.person
        limited = {"kind": "status_message", "author_id": setting.bob.id, "public": False}
        addressed = setting.add(schema.posts, guid="addr" * 4, **limited)
        answered = setting.add(schema.posts, guid="comd" * 4, **limited)
        setting.add(schema.posts, guid="foreign" * 4, **limited)
        setting.add(schema.post_audience, post_id=addressed, person_id=setting.old.id)
        comment = {"guid": "cccc" * 4, "author_id": setting.old.id, "text": "x"}
        setting.add(schema.comments, **comment, post_id=answered)
        setting.repoint()
        assert setting.rows(schema.post_visibilities, "post_id", "account_id") == [
            (addressed, christy.id),
            (answered, christy.id),
        ]


def test_the_audience_of_an_author_who_lives_elsewhere_is_forgotten(setting: Setting) -> None:
    post = setting.add(
        schema.posts,
        guid="limi" * 4,
        kind="status_message",
        author_id=setting.old.id,
        public=False,
    )
    setting.add(schema.post_audience, post_id=post, person_id=setting.bob.id)
    setting.repoint()
    assert setting.rows(schema.post_audience, "id") == []
