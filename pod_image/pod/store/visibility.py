"""Who may see a post, whom it was addressed to, whom it mentions."""

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import Integer, Table, and_, bindparam, or_, select

from pod.domain import text as words
from pod.domain.content import Post
from pod.domain.people import Account, Aspect, Person
from pod.store import rows
from pod.store.accounts import Accounts
from pod.store.content import ContentRows
from pod.store.prepared import Prepared
from pod.store.schema import aspects as aspects_table
from pod.store.schema import (
    contacts,
    mentions,
    post_aspects,
    post_audience,
    post_visibilities,
    posts,
    tag_followings,
)

STREAM_LENGTH = 200

_ASPECTS_OF = Prepared(
    select(aspects_table)
    .join(post_aspects, post_aspects.c.aspect_id == aspects_table.c.id)
    .where(post_aspects.c.post_id == bindparam("post"))
    .order_by(aspects_table.c.position)
)


_MENTIONING = Prepared(
    select(posts)
    .join(mentions, mentions.c.post_id == posts.c.id)
    .where(mentions.c.person_id == bindparam("person"))
    .order_by(posts.c.id)
)


def _stream(*, with_tags: bool) -> Prepared:
    """What is of contacts, of the account itself or was shown to it; and what may have a tag."""
    account = bindparam("account", type_=Integer)
    shown = select(post_visibilities.c.post_id).where(post_visibilities.c.account_id == account)
    followed = select(contacts.c.person_id).where(
        contacts.c.account_id == account, contacts.c.receiving
    )
    own = or_(
        posts.c.author_id == bindparam("person"),
        posts.c.id.in_(shown),
        and_(posts.c.public, posts.c.author_id.in_(followed)),
    )
    wanted = or_(own, and_(posts.c.public, posts.c.text.contains("#"))) if with_tags else own
    query = select(posts, own.label("own")).where(wanted, ~posts.c.stub)
    return Prepared(query.order_by(posts.c.created_at.desc(), posts.c.id.desc()))


_STREAM = _stream(with_tags=False)
_STREAM_WITH_TAGS = _stream(with_tags=True)


class Visibility(ContentRows):
    """Audience, visibility, mentions, and the stream that follows from them."""

    def address(self, post: Post, people: Iterable[Person], aspects: Iterable[Aspect] = ()) -> None:
        """Record whom a limited post of a local author goes to (idempotent)."""
        known = {person.id for person in self.audience(post)}
        for person_id in dict.fromkeys(person.id for person in people):
            if person_id not in known:
                row = {"post_id": post.id, "person_id": person_id}
                rows.add(self._connection, post_audience, row)
        known = {aspect.id for aspect in self.aspects(post)}
        for aspect_id in dict.fromkeys(aspect.id for aspect in aspects):
            if aspect_id not in known:
                row = {"post_id": post.id, "aspect_id": aspect_id}
                rows.add(self._connection, post_aspects, row)

    def audience(self, post: Post) -> tuple[Person, ...]:
        return self._people_in(post_audience, post)

    def aspects(self, post: Post) -> tuple[Aspect, ...]:
        found = _ASPECTS_OF.all(self._connection, post=post.id)
        return tuple(Aspect(**row.as_dict()) for row in found)

    def show(self, post: Post, account: Account) -> None:
        if not self._is_shown(post, account):
            row = {"post_id": post.id, "account_id": account.id}
            rows.add(self._connection, post_visibilities, row)

    def is_visible(self, post: Post, account: Account) -> bool:
        """Whether the account may see the post: it is public, its own, or was shown to it."""
        if post.public or post.author.id == account.person.id:
            return True
        return self._is_shown(post, account)

    def _is_shown(self, post: Post, account: Account) -> bool:
        which = {"post_id": post.id, "account_id": account.id}
        return rows.exists(self._connection, post_visibilities, **which)

    def viewers(self, post: Post) -> tuple[Account, ...]:
        shown = self._all(post_visibilities, post_id=post.id)
        accounts = Accounts(self._connection)
        return tuple(accounts.get(row.account_id) for row in shown)

    def mention(self, people: Iterable[Person], *, post: Post) -> None:
        known = {person.id for person in self.mentioned(post)}
        for person_id in dict.fromkeys(person.id for person in people):
            if person_id not in known:
                row = {"post_id": post.id, "person_id": person_id}
                rows.add(self._connection, mentions, row)

    def mentioned(self, post: Post) -> tuple[Person, ...]:
        return self._people_in(mentions, post)

    def mentioning(self, person: Person) -> tuple[Post, ...]:
        """The posts that mention a person."""
        found = _MENTIONING.all(self._connection, person=person.id)
        return tuple(self._as_post(row) for row in found)

    def stream(self, account: Account) -> tuple[Post, ...]:
        """What the account may see of its contacts, followed tags and itself, newest first."""
        tags = self._followed_tags(account)
        who = {"account": account.id, "person": account.person.id}
        newest = (_STREAM_WITH_TAGS if tags else _STREAM).all(self._connection, **who)
        # What is a tag in a text, only the domain can tell.
        wanted = (row for row in newest if row.own or tags.intersection(words.tags(row.text)))
        return tuple(self._as_post(row) for row in islice(wanted, STREAM_LENGTH))

    def _followed_tags(self, account: Account) -> frozenset[str]:
        found = self._all(tag_followings, account_id=account.id)
        return frozenset(row.tag for row in found)

    def _people_in(self, table: Table, post: Post) -> tuple[Person, ...]:
        found = self._all(table, post_id=post.id)
        return tuple(self._people.get(row.person_id) for row in found)
