"""Everything that names the old person names the new one afterwards, and nothing is there twice.

Collisions are planted for every unique constraint that has a person or an account in it. The list
below is compared with the schema: a new table that names people has to be added, or a test fails.
"""

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy import Table, UniqueConstraint, func, select, update

from pod.store import schema
from pod.store.engine import Store
from pod.store.repointing import STAYING
from pod.store.schema import references_to
from tests.pod.rooms import NOW
from tests.pod.store.repoint_setting import Row, Setting


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
    ("event_participations", ("author_id", "event_id")),
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
    ("event_participations", "author_id"),
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
