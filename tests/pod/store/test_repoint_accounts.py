"""When old or new live here: accounts unite, and nobody is a contact of themselves."""

from collections.abc import Iterator

import pytest

from pod.domain.people import Account, Person
from pod.store import schema
from pod.store.engine import Store
from pod.store.unit_of_work import UnitOfWork
from tests.pod.rooms import NOW, add_account, add_person
from tests.pod.store.repoint_setting import Row, Setting
from tests.pod.store.test_repoint import ACCOUNT_COLLISIONS


@pytest.fixture
def setting(store: Store) -> Iterator[Setting]:
    with store.work() as work:
        yield Setting(work)


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
