"""Taking an archive from an account.

Source: seed specification section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pod.domain.archive import (
    SETTINGS,
    Archive,
    ArchivedContact,
    ArchivedConversation,
    ArchivedPost,
    KnownPerson,
    KnownPost,
)
from pod.domain.audience import mentioners, mentioning_posts
from pod.domain.content import Post
from pod.domain.entities import Relayable, StatusMessage
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Account, Contact, Person
from pod.domain.ports import Work
from pod.domain.relaying import KINDS


def export(work: Work, account: Account) -> Archive:
    """Everything the account's owner needs to go on elsewhere."""
    return _Exporter(work, account).archive()


class _Exporter:
    """Collects the archive, and whom and what it refers to."""

    def __init__(self, work: Work, account: Account) -> None:
        self._work = work
        self._account = account
        self._owner = account.person
        self._people: dict[DiasporaId, Person] = {}
        self._posts: dict[str, KnownPost] = {}

    def archive(self) -> Archive:
        work, account = self._work, self._account
        contacts = tuple(map(self._contact, work.sharing.contacts(account)))
        archive = Archive(
            username=account.username,
            email=account.email,
            private_key=account.private_key,
            profile=work.people.profile(self._owner),
            settings={name: getattr(account, name) for name in SETTINGS},
            aspects=tuple(aspect.name for aspect in work.sharing.aspects(account)),
            contacts=contacts,
            followed_tags=work.sharing.followed_tags(account),
            blocks=self._met(work.sharing.blocked(account)),
            posts=tuple(map(self._post, work.posts.by_author(self._owner))),
            photos=tuple(p for p in work.posts.photos_of(self._owner) if not p.status_message_guid),
            relayables=tuple(self._own_relayables()),
            subscriptions=tuple(post.guid for _, post in self._subscribed()),
            participations={post.guid: guid for guid, post in self._subscribed()},
            conversations=tuple(self._conversations()),
            others_relayables=tuple(self._others_relayables()),
        )
        self._mentioning()
        in_contacts = {contact.person.diaspora_id for contact in contacts}
        others = (p for p in self._people.values() if p.diaspora_id not in in_contacts)
        people = sorted(map(self._other, others), key=lambda person: person.diaspora_id)
        return replace(archive, others=tuple(people), others_posts=tuple(self._posts.values()))

    def _met(self, people: Iterable[Person]) -> tuple[DiasporaId, ...]:
        """Remember that these people are referred to."""
        met = tuple(people)
        self._people.update((p.diaspora_id, p) for p in met if p.id != self._owner.id)
        return tuple(person.diaspora_id for person in met)

    def _other(self, person: Person) -> KnownPerson:
        newest = self._work.people.newest(person)
        moved_to = None if newest.id == person.id else newest.diaspora_id
        return replace(_known(person), moved_to=moved_to)

    def _contact(self, contact: Contact) -> ArchivedContact:
        aspects = self._work.sharing.memberships(contact)
        return ArchivedContact(
            person=_known(contact.person),
            name=_name(self._work, contact.person),
            sharing=contact.sharing,
            receiving=contact.receiving,
            aspects=tuple(aspect.name for aspect in aspects),
        )

    # --- posts ---

    def _post(self, post: Post) -> ArchivedPost:
        work = self._work
        entity = work.posts.entity(post)
        self._met(work.posts.mentioned(post))
        if not post.public:
            audience = self._met(work.posts.audience(post))
            aspects = tuple(aspect.name for aspect in work.posts.aspects(post))
            return ArchivedPost(entity=entity, audience=audience, aspects=aspects)
        if post.root_author is not None and post.root_guid is not None:
            self._met((post.root_author,))
            root = KnownPost(guid=post.root_guid, author=post.root_author.diaspora_id)
            self._refer(root, work.posts.by_guid(post.root_guid))
        return ArchivedPost(entity=entity, pods=self._subscribed_pods(post))

    def _subscribed_pods(self, post: Post) -> tuple[str, ...]:
        """The pods that got a public post, this one last."""
        work = self._work
        contacts = work.sharing.contacts(self._account)
        subscribers = (
            *(contact.person for contact in contacts if contact.sharing),
            *work.interactions.participants(post),
            *work.interactions.authors_on(post),
            *work.posts.mentioned(post),
            *(reshare.author for reshare in work.posts.reshares_of(post)),
        )
        return (*work.people.pods(subscribers), work.policy.url)

    def _refer(self, known: KnownPost, post: Post | None) -> None:
        """Remember that somebody else's post is referred to."""
        if post is not None:
            known = self._known_post(post)
        if known.author != self._owner.diaspora_id:
            self._posts.setdefault(known.guid, known)

    def _known_post(self, post: Post) -> KnownPost:
        self._met((post.author,))
        entity = self._work.posts.entity(post)
        poll = entity.poll if isinstance(entity, StatusMessage) else None
        return KnownPost(
            guid=post.guid,
            author=post.author.diaspora_id,
            type=post.kind,
            public=post.public,
            poll_guid=None if poll is None else poll.guid,
        )

    # --- what hangs on posts ---

    def _own_relayables(self) -> Iterator[Relayable]:
        for entity, root in self._work.interactions.by_author(self._owner):
            self._refer_root(root)
            yield entity

    def _subscribed(self) -> Iterator[tuple[Guid, Post]]:
        for guid, post in self._work.interactions.participated(self._owner):
            self._refer_root(post)
            yield guid, post

    def _refer_root(self, root: Post) -> None:
        self._refer(KnownPost(guid=root.guid, author=root.author.diaspora_id), root)

    def _others_relayables(self) -> Iterator[Relayable]:
        for post in self._work.posts.by_author(self._owner):
            for entity in self._work.interactions.on(post):
                if entity.author != self._owner.diaspora_id:
                    yield from self._signed(entity)

    def _signed(self, entity: Relayable) -> Iterator[Relayable]:
        """The relayable as its author signed it; for authors who live here, signed now."""
        author = self._work.people.need(entity.author)
        found = self._work.interactions.signed(KINDS[type(entity)], entity.guid)
        if found is not None and found[0].author_signature:
            self._met((author, found[1]))
            yield found[0]
            return
        account = self._work.accounts.by_person(author)
        if account is not None:
            self._met((author,))
            yield self._work.crypto.sign_relayable(entity, account.private_key)

    def _mentioning(self) -> None:
        """Refer to whoever mentions the owner, or the new home could not tell them of the move."""
        self._met(mentioners(self._work, self._account))
        for post in mentioning_posts(self._work, self._account):
            self._refer_root(post)

    # --- conversations ---

    def _conversations(self) -> Iterator[ArchivedConversation]:
        conversations = self._work.conversations
        for conversation in conversations.of(self._owner):
            self._met((conversation.author, *conversation.participants))
            entity = conversations.entity(conversation)
            yield ArchivedConversation(
                entity=replace(entity, messages=()), messages=entity.messages
            )


def _known(person: Person) -> KnownPerson:
    return KnownPerson(
        diaspora_id=person.diaspora_id, guid=person.guid, public_key=person.public_key
    )


def _name(work: Work, person: Person) -> str | None:
    profile = work.people.profile(person)
    return " ".join(filter(None, (profile.first_name, profile.last_name))) or None
