"""Who may see a post, whom it was addressed to, whom it mentions."""

from collections.abc import Iterable

from sqlalchemy import Select, and_, insert, or_, select

from pod.domain.content import Post
from pod.domain.people import Account, Aspect, Person
from pod.store.accounts import Accounts
from pod.store.content import ContentRows
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


class Visibility(ContentRows):
    """Audience, visibility, mentions, and the stream that follows from them."""

    def address(self, post: Post, people: Iterable[Person], aspects: Iterable[Aspect] = ()) -> None:
        """Record whom a limited post of a local author goes to (idempotent)."""
        known = {person.id for person in self.audience(post)}
        for person_id in dict.fromkeys(person.id for person in people):
            if person_id not in known:
                row = {"post_id": post.id, "person_id": person_id}
                self._connection.execute(insert(post_audience).values(row))
        known = {aspect.id for aspect in self.aspects(post)}
        for aspect_id in dict.fromkeys(aspect.id for aspect in aspects):
            if aspect_id not in known:
                row = {"post_id": post.id, "aspect_id": aspect_id}
                self._connection.execute(insert(post_aspects).values(row))

    def audience(self, post: Post) -> tuple[Person, ...]:
        members = post_audience.c
        return self._people_in(select(members.person_id).where(members.post_id == post.id))

    def aspects(self, post: Post) -> tuple[Aspect, ...]:
        query = (
            select(aspects_table)
            .join(post_aspects, post_aspects.c.aspect_id == aspects_table.c.id)
            .where(post_aspects.c.post_id == post.id)
            .order_by(aspects_table.c.position)
        )
        return tuple(Aspect(**row) for row in self._rows(query))

    def show(self, post: Post, account: Account) -> None:
        if not self._is_shown(post, account):
            row = {"post_id": post.id, "account_id": account.id}
            self._connection.execute(insert(post_visibilities).values(row))

    def is_visible(self, post: Post, account: Account) -> bool:
        """Whether the account may see the post: it is public, its own, or was shown to it."""
        if post.public or post.author.id == account.person.id:
            return True
        return self._is_shown(post, account)

    def _is_shown(self, post: Post, account: Account) -> bool:
        shown = post_visibilities.c
        one = and_(shown.post_id == post.id, shown.account_id == account.id)
        return self._first(select(shown.id).where(one)) is not None

    def viewers(self, post: Post) -> tuple[Account, ...]:
        shown = post_visibilities.c
        query = select(shown.account_id).where(shown.post_id == post.id).order_by(shown.id)
        accounts = Accounts(self._connection)
        return tuple(accounts.get(row["account_id"]) for row in self._rows(query))

    def mention(self, people: Iterable[Person], *, post: Post) -> None:
        known = {person.id for person in self.mentioned(post)}
        for person_id in dict.fromkeys(person.id for person in people):
            if person_id not in known:
                row = {"post_id": post.id, "person_id": person_id}
                self._connection.execute(insert(mentions).values(row))

    def mentioned(self, post: Post) -> tuple[Person, ...]:
        return self._people_in(select(mentions.c.person_id).where(mentions.c.post_id == post.id))

    def stream(self, account: Account) -> tuple[Post, ...]:
        """What the account may see of its contacts, followed tags and itself, newest first."""
        shown = select(post_visibilities.c.post_id).where(
            post_visibilities.c.account_id == account.id
        )
        followed = select(contacts.c.person_id).where(
            contacts.c.account_id == account.id, contacts.c.receiving
        )
        tags = self._followed_tags(account)
        tagged = [posts.c.text.icontains(f"#{tag}", autoescape=True) for tag in tags]
        wanted = or_(
            posts.c.author_id == account.person.id,
            posts.c.id.in_(shown),
            and_(posts.c.public, or_(posts.c.author_id.in_(followed), *tagged)),
        )
        query = select(posts).where(wanted, ~posts.c.stub)
        newest = query.order_by(posts.c.created_at.desc(), posts.c.id.desc())
        return tuple(self._as_post(row) for row in self._rows(newest.limit(STREAM_LENGTH)))

    def _followed_tags(self, account: Account) -> tuple[str, ...]:
        tags = tag_followings.c
        rows = self._rows(select(tags.tag).where(tags.account_id == account.id))
        return tuple(row["tag"] for row in rows)

    def _people_in(self, ids: Select[int]) -> tuple[Person, ...]:
        return tuple(self._people.get(person_id) for person_id in self._connection.scalars(ids))
