"""The part of an import that is about posts, what hangs on them, and conversations.

Whatever is in an archive, it cannot take over what somebody else wrote, nor put words into the
mouth of others: their comments, likes and votes count by their signatures, their messages only
where nobody else here reads them.

Source: seed specification sections 3 and 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Literal, Protocol

from pod.domain.archive import Archive, ArchivedConversation, ArchivedPost
from pod.domain.attribution import people_mentioned
from pod.domain.content import Conversation, Post
from pod.domain.entities import (
    Comment,
    EventParticipation,
    Like,
    Message,
    Photo,
    PollParticipation,
    Relayable,
    Reshare,
    StatusMessage,
)
from pod.domain.errors import Conflict, Invalid, InvalidSender, NotFound, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Account, Person
from pod.domain.ports import Work
from pod.domain.relaying import KINDS, TARGET_TYPES

StubKind = Literal["person", "post"]


class Report(Protocol):
    """Where is noted what could not be merged."""

    def note(self, what: str, why: str) -> None: ...
    def part(self, work: Work, what: str) -> AbstractContextManager[None]: ...


def _person(work: Work, diaspora_id: DiasporaId) -> Person:
    return work.people.newest(work.people.need(diaspora_id))


# --- posts ---------------------------------------------------------------------------------------


def take_posts(work: Work, account: Account, archive: Archive, report: Report) -> None:
    """Add the owner's posts and photos, and whom limited posts were addressed to."""
    for archived in archive.posts:
        with report.part(work, f"post {archived.entity.guid}"):
            post = _take_post(work, account, archive.owner, archived)
            if not post.public:
                _address(work, account, post, archived, report)
    for photo in archive.photos:
        with report.part(work, f"photo {photo.guid}"):
            _check_photo(work, account, photo)
            work.posts.put_photo(_own_photo(account, photo), account.person)


def _take_post(work: Work, account: Account, owner: DiasporaId, archived: ArchivedPost) -> Post:
    entity, me = archived.entity, account.person
    if entity.author not in (owner, me.diaspora_id):
        raise InvalidSender(f"it is by {entity.author}, not by {owner}")
    known = work.posts.by_guid(entity.guid)
    if known is not None:
        if known.author.id != me.id:
            raise Conflict(f"its GUID belongs to a post of {known.author.diaspora_id}")
        if not known.stub:
            return known
    if work.migrations.is_retracted("Post", entity.guid):
        raise Refused("it was retracted")
    if isinstance(entity, StatusMessage):
        return _add_message(work, account, entity)
    return _add_reshare(work, account, entity)


def _add_message(work: Work, account: Account, entity: StatusMessage) -> Post:
    for photo in entity.photos:
        _check_photo(work, account, photo)
    me = account.person.diaspora_id
    own = replace(
        entity,
        author=me,
        event=None if entity.event is None else replace(entity.event, author=me),
        photos=tuple(_own_photo(account, photo) for photo in entity.photos),
    )
    post = work.posts.add(own, account.person)
    work.posts.mention(people_mentioned(work, entity.text), post=post)
    return post


def _add_reshare(work: Work, account: Account, entity: Reshare) -> Post:
    if entity.root_guid is not None:
        root = work.posts.by_guid(entity.root_guid)
        if root is not None and not root.public:
            raise Refused("what it reshares is not public")
    return work.posts.add(replace(entity, author=account.person.diaspora_id), account.person)


def _own_photo(account: Account, photo: Photo) -> Photo:
    return replace(photo, author=account.person.diaspora_id)


def _check_photo(work: Work, account: Account, photo: Photo) -> None:
    known = work.posts.photo(photo.guid)
    if known is not None and known[1].id != account.person.id:
        raise Conflict(f"the GUID of photo {photo.guid} belongs to {known[1].diaspora_id}")


def _address(
    work: Work, account: Account, post: Post, archived: ArchivedPost, report: Report
) -> None:
    """Whoever could see a limited post before can see it now, and what is said about it."""
    people = []
    for name in archived.audience:
        with report.part(work, f"audience of post {post.guid}"):
            people.append(_person(work, name))
    others = [person for person in people if person.id != account.person.id]
    aspects = (work.sharing.aspect(account, name) for name in archived.aspects)
    work.posts.address(post, others, [aspect for aspect in aspects if aspect is not None])
    for viewer in work.accounts.local(others):
        work.posts.show(post, viewer)


# --- what hangs on posts -------------------------------------------------------------------------


def take_interactions(work: Work, account: Account, archive: Archive, report: Report) -> None:
    """Add comments, likes and votes of the owner and on the owner's posts; then subscriptions."""
    own, others = archive.relayables, archive.others_relayables
    # Comments of all before the likes on them.
    for is_comment in (True, False):
        for entity in (each for each in own if isinstance(each, Comment) is is_comment):
            with report.part(work, f"own {KINDS[type(entity)]} {entity.guid}"):
                _take_own(work, account, archive.owner, entity)
        for entity in (each for each in others if isinstance(each, Comment) is is_comment):
            with report.part(work, f"{KINDS[type(entity)]} {entity.guid} of {entity.author}"):
                _take_others(work, account, entity)
    for guid in archive.subscriptions:
        with report.part(work, f"subscription to post {guid}"):
            _subscribe(work, account, guid, archive.participations.get(guid))


def _take_own(work: Work, account: Account, owner: DiasporaId, entity: Relayable) -> None:
    """Add what the owner wrote; signatures by the old key are with the pods that verified them."""
    me = account.person
    if entity.author not in (owner, me.diaspora_id):
        raise InvalidSender(f"it is by {entity.author}, not by {owner}")
    root = _root(work, entity)
    if not _is_known(work, entity, me):
        _add(work, entity, me, root)


def _take_others(work: Work, account: Account, entity: Relayable) -> None:
    """Add what somebody else wrote, if the key of the ID that signed it says so."""
    root = _root(work, entity)
    if root.author.id != account.person.id:
        raise InvalidSender("it is not on a post of this archive")
    signer = work.people.by_id(entity.author)
    if signer is None:
        raise NotFound(f"the key of {entity.author} is unknown, so its signature proves nothing")
    work.crypto.verify_relayable(entity, signer.public_key)
    author = work.people.newest(signer)
    if not _is_known(work, entity, author):
        _add(work, entity, author, root)
    # This pod relays from now on, for which it needs what was signed, also of what it had before.
    work.interactions.sign(entity, signer)


def _root(work: Work, entity: Relayable) -> Post:
    root = _found_root(work, entity)
    if root is None:
        raise NotFound(f"what it refers to, {entity.parent_guid}, is not known here")
    return root


def _found_root(work: Work, entity: Relayable) -> Post | None:
    if isinstance(entity, PollParticipation):
        return work.posts.by_poll(entity.parent_guid)
    if isinstance(entity, EventParticipation):
        return work.posts.by_event(entity.parent_guid)
    if isinstance(entity, Like) and entity.parent_type == "Comment":
        comment = work.interactions.find("comment", entity.parent_guid)
        return None if comment is None else comment.root
    return work.posts.by_guid(entity.parent_guid)


def _is_known(work: Work, entity: Relayable, author: Person) -> bool:
    known = work.interactions.find(KINDS[type(entity)], entity.guid)
    if known is not None and known.author.id != author.id:
        raise Conflict(f"its GUID belongs to {known.author.diaspora_id}")
    return known is not None


def _add(work: Work, entity: Relayable, author: Person, root: Post) -> None:
    if work.migrations.is_retracted(TARGET_TYPES[KINDS[type(entity)]], entity.guid):
        raise Refused("it was retracted")
    own = replace(entity, author=author.diaspora_id)
    work.interactions.add(own, author, root)
    if isinstance(own, Comment):
        work.interactions.mention(people_mentioned(work, own.text), comment=own.guid)


def _subscribe(work: Work, account: Account, post_guid: Guid, guid: Guid | None) -> None:
    post = work.posts.by_guid(post_guid)
    if post is None:
        raise NotFound("the post is not known here")
    if guid is None or work.interactions.subscription(guid) is not None:
        guid = work.ids.guid("participation")
    work.interactions.participate(account.person, post, guid)


# --- conversations -------------------------------------------------------------------------------


def take_conversations(work: Work, account: Account, archive: Archive, report: Report) -> None:
    """Add the private conversations that the owner took part in."""
    for archived in archive.conversations:
        with report.part(work, f"conversation {archived.entity.guid}"):
            conversation = _take_conversation(work, account, archived)
            is_shared = _is_read_by_others(work, account, conversation.participants)
            for message in archived.messages:
                with report.part(work, f"message {message.guid}"):
                    _take_message(work, account, conversation, message, is_shared=is_shared)


def _take_conversation(
    work: Work, account: Account, archived: ArchivedConversation
) -> Conversation:
    me = account.person
    author = _person(work, archived.entity.author)
    named = (_person(work, name) for name in archived.entity.participants)
    people = {person.id: person for person in named}
    known = work.conversations.by_guid(archived.entity.guid)
    if known is not None:
        if known.author.id != author.id or all(one.id != me.id for one in known.participants):
            raise Conflict(f"its GUID belongs to a conversation of {known.author.diaspora_id}")
        work.conversations.show(known, me)
        return known
    if work.migrations.is_retracted("Conversation", archived.entity.guid):
        raise Refused("it was retracted")
    if me.id not in people:
        raise InvalidSender("the owner of the archive has no part in it")
    if author.id != me.id and _is_read_by_others(work, account, people.values()):
        raise Refused("other people here would have to know it already")
    own = replace(archived.entity, messages=())
    participants = tuple(people.values())
    # Neighbours who take part and do not know it have refused it, or were never sent it.
    others = [each.person for each in work.accounts.local(participants) if each.id != account.id]
    return work.conversations.add(own, author, participants, hidden_from=others)


def _is_read_by_others(work: Work, account: Account, people: Iterable[Person]) -> bool:
    """Whether other accounts on this pod would read what the archive alone vouches for."""
    return any(each.id != account.id for each in work.accounts.local(people))


def _take_message(
    work: Work,
    account: Account,
    conversation: Conversation,
    message: Message,
    *,
    is_shared: bool,
) -> None:
    author = _person(work, message.author)
    if all(one.id != author.id for one in conversation.participants):
        raise InvalidSender(f"{message.author} has no part in the conversation")
    known = work.conversations.message(message.guid)
    if known is not None:
        if known[1].id != author.id or known[0].conversation_guid != conversation.guid:
            raise Conflict(f"its GUID belongs to a message of {known[1].diaspora_id}")
        return
    if is_shared and author.id != account.person.id:
        raise Refused(f"only {author.diaspora_id} can send it to others here")
    if message.conversation_guid != conversation.guid:
        raise Invalid("it belongs to another conversation")
    work.conversations.add_message(message, author, conversation)
