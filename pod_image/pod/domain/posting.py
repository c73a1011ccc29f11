"""A local person posts: status messages with all that may be in them, photos, reshares.

Source: federation protocol sections 4.2 to 4.5.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from pod.domain import audience, notices
from pod.domain.content import Post
from pod.domain.entities import (
    Embed,
    Event,
    Location,
    Photo,
    Poll,
    PollAnswer,
    Reshare,
    StatusMessage,
)
from pod.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from pod.domain.people import Account, Aspect
from pod.domain.ports import Work

MAX_TEXT = 65535
MAX_SHORT_TEXT = 255
MAX_PARTS = 100
"""Photos of a post, answers of a poll (federation protocol section 9, row 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An event as its author describes it."""

    summary: str
    start: datetime
    end: datetime | None = None
    all_day: bool = False
    timezone: str | None = None
    description: str | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person wants to post. `aspects` are names, used if the post is not public."""

    text: str = ""
    public: bool = False
    aspects: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    location: Location | None = None
    question: str | None = None
    answers: tuple[str, ...] = ()
    invitation: Invitation | None = None
    embed: Embed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An image file, and what its owner says about it."""

    media_type: str
    extension: str
    content: bytes
    width: int
    height: int
    text: str | None = None


def upload(work: Work, account: Account, image: Upload) -> Photo:
    """Store an image of the account's, to be shown by a post later."""
    guid = work.ids.guid("photo")
    name = f"{guid}.{image.extension}"
    photo = Photo(
        guid=guid,
        author=account.person.diaspora_id,
        created_at=work.now,
        remote_photo_path=f"{work.policy.url}uploads/images/",
        remote_photo_name=name,
        text=image.text,
        height=image.height,
        width=image.width,
    )
    work.posts.put_file(name, image.media_type, image.content)
    work.posts.put_photo(photo, account.person)
    return photo


def post(work: Work, account: Account, draft: Draft) -> Post:
    """Post a status message, publicly or to people in aspects.

    Raises:
        Invalid: If it is empty, too long, or names aspects or photos that the account has not.
    """
    _check(draft)
    aspects = () if draft.public else _aspects(work, account, draft.aspects)
    entity = _compose(work, account, draft)
    made = work.posts.add(entity, account.person)
    if not draft.public:
        _address(work, made, aspects)
    notices.mention_in_post(work, made, draft.text)
    audience.send(work, entity, account, made, audience.subscribers(work, made))
    return made


def _check(draft: Draft) -> None:
    if not draft.text.strip() and not draft.photos:
        raise Invalid("post: neither text nor photos; give one of them")
    if len(draft.text) > MAX_TEXT:
        raise Invalid(f"post: more than {MAX_TEXT} characters")
    if not draft.public and not draft.aspects:
        raise Invalid("post: make it public, or name the aspects it is for")
    if len(draft.photos) > MAX_PARTS or len(draft.answers) > MAX_PARTS:
        raise Invalid(f"post: more than {MAX_PARTS} photos or answers")


def _aspects(work: Work, account: Account, names: tuple[str, ...]) -> tuple[Aspect, ...]:
    found = {name: work.sharing.aspect(account, name) for name in names}
    unknown = [name for name, aspect in found.items() if aspect is None]
    if unknown:
        raise Invalid(f"post: no aspect {unknown[0]!r}; make it first")
    return tuple(aspect for aspect in found.values() if aspect is not None)


def _compose(work: Work, account: Account, draft: Draft) -> StatusMessage:
    return StatusMessage(
        author=account.person.diaspora_id,
        guid=work.ids.guid("post"),
        created_at=work.now,
        public=draft.public,
        text=draft.text,
        photos=tuple(_own_photo(work, account, guid, draft) for guid in draft.photos),
        location=draft.location,
        poll=_poll(work, draft),
        event=_event(work, account, draft.invitation),
        embed=draft.embed,
    )


def _own_photo(work: Work, account: Account, guid: str, draft: Draft) -> Photo:
    found = work.posts.photo(guid)
    if found is None or found[1].id != account.person.id:
        raise Invalid(f"post: no photo {guid} of yours; upload it first")
    if found[0].status_message_guid is not None:
        raise Conflict(f"post: photo {guid} belongs to another post")
    return replace(found[0], public=draft.public)


def _poll(work: Work, draft: Draft) -> Poll | None:
    if draft.question is None:
        return None
    texts = (draft.question, *draft.answers)
    if len(draft.answers) < 2 or not all(0 < len(text) <= MAX_SHORT_TEXT for text in texts):
        raise Invalid("poll: a question and two or more answers, each of 1 to 255 characters")
    answers = tuple(
        PollAnswer(guid=work.ids.guid("poll_answer", str(position)), answer=answer)
        for position, answer in enumerate(draft.answers)
    )
    return Poll(guid=work.ids.guid("poll"), question=draft.question, poll_answers=answers)


def _event(work: Work, account: Account, invitation: Invitation | None) -> Event | None:
    if invitation is None:
        return None
    if not 0 < len(invitation.summary) <= MAX_SHORT_TEXT:
        raise Invalid(f"event: a summary of 1 to {MAX_SHORT_TEXT} characters is needed")
    if invitation.end is not None and invitation.end < invitation.start:
        raise Invalid("event: it ends before it starts")
    told = asdict(invitation) | {"location": invitation.location}
    return Event(author=account.person.diaspora_id, guid=work.ids.guid("event"), **told)


def _address(work: Work, made: Post, aspects: tuple[Aspect, ...]) -> None:
    members = work.sharing.members(aspects)
    work.posts.address(made, members, aspects)
    for account in work.accounts.local(members):
        work.posts.show(made, account)


def reshare(work: Work, account: Account, chosen: Post) -> Post:
    """Reshare a public post; of a reshare, what it points to.

    Raises:
        NotAllowed: If the post is limited, or only its name is known.
        NotFound: If the root of a reshare is gone.
        Conflict: If the account reshared it before.
    """
    root = chosen if chosen.kind == "status_message" else _root_of(work, chosen)
    if not root.public or root.stub:
        raise NotAllowed(f"post {root.guid} is not public, it cannot be reshared")
    if work.posts.reshare_by(account.person, root) is not None:
        raise Conflict(f"post {root.guid} was reshared before")
    entity = Reshare(
        author=account.person.diaspora_id,
        guid=work.ids.guid("reshare"),
        created_at=work.now,
        root_author=root.author.diaspora_id,
        root_guid=root.guid,
    )
    made = work.posts.add(entity, account.person)
    notices.tell_reshared(work, root, account.person)
    audience.send(work, entity, account, made, audience.subscribers(work, made))
    return made


def _root_of(work: Work, chosen: Post) -> Post:
    root = work.posts.by_guid(chosen.root_guid) if chosen.root_guid else None
    if root is None:
        raise NotFound(f"reshare {chosen.guid} points to a post that is gone")
    return root
