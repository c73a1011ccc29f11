"""A local person comments, likes, votes, answers, follows a post; and what arrives of that.

Source: federation protocol sections 4.6, 4.7 and 5.2.
"""

from collections.abc import Mapping
from typing import TypeVar

from pod.domain import audience, relaying
from pod.domain.attribution import account_here
from pod.domain.content import Interaction, Post
from pod.domain.entities import (
    Comment,
    Entity,
    EventParticipation,
    Like,
    Participation,
    PollParticipation,
    StatusMessage,
)
from pod.domain.errors import Conflict, Invalid, InvalidSender, NotAllowed, Refused
from pod.domain.identity import Guid
from pod.domain.incoming import Incoming, Receiver
from pod.domain.people import Account
from pod.domain.ports import Work
from pod.domain.retracted import refuse_retracted

MAX_TEXT = 65535

STATUSES = ("accepted", "declined", "tentative")
"""How one can answer an invitation."""

Made = TypeVar("Made", Comment, Like, PollParticipation, EventParticipation)


def comment(work: Work, account: Account, root: Post, text: str) -> Comment:
    """Comment on a post that the account sees.

    Raises:
        Invalid: If there is no text, or too much.
    """
    if not text.strip() or len(text) > MAX_TEXT:
        raise Invalid(f"comment: a text of 1 to {MAX_TEXT} characters is needed")
    made = Comment(
        author=account.person.diaspora_id,
        guid=work.ids.guid("comment"),
        parent_guid=root.guid,
        text=text,
        created_at=work.now,
    )
    return _publish(work, account, made, root)


def like(work: Work, account: Account, root: Post, on: Interaction | None = None) -> Like:
    """Like a post, or a comment on it.

    Raises:
        Conflict: If the account likes it already.
    """
    made = Like(
        author=account.person.diaspora_id,
        guid=work.ids.guid("like"),
        parent_guid=root.guid if on is None else on.guid,
        parent_type="Post" if on is None else "Comment",
    )
    if work.interactions.existing_like(account.person, made) is not None:
        raise Conflict(f"{made.parent_guid} is liked already")
    return _publish(work, account, made, root)


def vote(work: Work, account: Account, root: Post, answer: str) -> PollParticipation:
    """Vote in the poll of a post.

    Args:
        work: The unit of work.
        account: Who votes.
        root: The post with the poll.
        answer: GUID or text of the answer.

    Raises:
        Invalid: If the post has no poll, or the poll no such answer.
        Conflict: If the account voted before.
    """
    entity = work.posts.entity(root)
    poll = entity.poll if isinstance(entity, StatusMessage) else None
    if poll is None:
        raise Invalid(f"post {root.guid} has no poll")
    chosen = [each.guid for each in poll.poll_answers if answer in (each.guid, each.answer)]
    if not chosen:
        raise Invalid(f"poll {poll.guid} has no answer {answer!r}")
    if work.interactions.existing_vote(account.person, root) is not None:
        raise Conflict(f"you voted in poll {poll.guid} already")
    made = PollParticipation(
        author=account.person.diaspora_id,
        guid=work.ids.guid("poll_participation"),
        parent_guid=poll.guid,
        poll_answer_guid=chosen[0],
    )
    return _publish(work, account, made, root)


def answer(work: Work, account: Account, root: Post, status: str) -> EventParticipation:
    """Answer the invitation of a post; another answer is given after this one is taken back.

    Raises:
        Invalid: If the post has no event, or there is no such answer.
        Conflict: If the account answered before.
    """
    entity = work.posts.entity(root)
    event = entity.event if isinstance(entity, StatusMessage) else None
    if event is None:
        raise Invalid(f"post {root.guid} has no event")
    if status not in STATUSES:
        raise Invalid(f"event {event.guid}: answer with one of {', '.join(STATUSES)}")
    if work.interactions.existing_answer(account.person, root) is not None:
        raise Conflict(f"you answered event {event.guid} already; take that back first")
    made = EventParticipation(
        author=account.person.diaspora_id,
        guid=work.ids.guid("event_participation"),
        parent_guid=event.guid,
        status=status,
    )
    return _publish(work, account, made, root)


def _publish(work: Work, account: Account, made: Made, root: Post) -> Made:
    """Sign, store and send an interaction: to everybody from here, or to the root author's pod.

    Raises:
        NotAllowed: If the root author lives here and blocks the account.
    """
    person = account.person
    root_account = account_here(work, root.author)
    if root_account is not None and work.sharing.is_blocked(root_account, person):
        raise NotAllowed(f"{root.author.diaspora_id} ignores {person.diaspora_id}")
    is_own = person.id == root.author.id
    # The root author's word is in the envelope; everybody else signs for those it is relayed to.
    entity = made if is_own else work.crypto.sign_relayable(made, account.private_key)
    relaying.keep(work, entity, person, root, signer=None if is_own else person)
    if root_account is not None:
        relaying.pass_on(work, entity, root_account, root)
    else:
        audience.send_to_root(work, entity, account, root)
    subscribe(work, account, root)
    return entity


def subscribe(work: Work, account: Account, post: Post) -> None:
    """Take part in a public post of somebody else: its author's pod sends what happens to it.

    Done on the first interaction, and when a post was looked up. Doing it again changes nothing.
    """
    if not post.public or post.stub or post.author.id == account.person.id:
        return
    guid = work.ids.guid("participation", post.guid)
    is_new = work.interactions.participate(account.person, post, guid)
    if is_new and account_here(work, post.author) is None:
        work.outbox.private(_participation(account, post, guid), account, (post.author,))


def _participation(account: Account, post: Post, guid: Guid) -> Participation:
    return Participation(author=account.person.diaspora_id, guid=guid, parent_guid=post.guid)


def receive_participation(work: Work, entity: Participation, incoming: Incoming) -> None:
    """Subscribe a remote person to a public post of the addressed account."""
    refuse_retracted(work, "Participation", entity.guid)
    root = work.posts.by_guid(entity.parent_guid)
    if root is None or incoming.recipient is None:
        raise Refused(f"participation {entity.guid}: post {entity.parent_guid} is not here")
    if root.author.id != incoming.recipient.person.id:
        raise Refused(f"participation {entity.guid}: post {root.guid} is not the recipient's")
    if not root.public or work.sharing.is_blocked(incoming.recipient, incoming.sender):
        raise InvalidSender(f"{incoming.sender.diaspora_id} may not follow post {root.guid}")
    known = work.interactions.subscription(entity.guid)
    if known is not None and known[0].id != incoming.sender.id:
        raise Conflict(f"participation {entity.guid} is somebody else's here")
    if known is None:
        work.interactions.participate(incoming.sender, root, entity.guid)


RECEIVERS: Mapping[type[Entity], Receiver] = {
    Comment: relaying.receive,
    Like: relaying.receive,
    PollParticipation: relaying.receive,
    EventParticipation: relaying.receive,
    Participation: receive_participation,
}
