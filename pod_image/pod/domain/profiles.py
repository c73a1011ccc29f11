"""What people tell about themselves, and who is told when it changes.

Names, pictures and tags are for everybody. Bio, birthday, gender and location are for those whom
the account shares with, unless the profile is public. A profile replaces what was said before, so
a pod that is home to somebody entitled must not be sent the shortened form.

Source: federation protocol sections 3.5, 4.9 and 7.2.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from pod.domain.audience import mentioners
from pod.domain.entities import Entity, Profile
from pod.domain.errors import Invalid, Refused
from pod.domain.incoming import Incoming, Receiver
from pod.domain.people import Account, Person
from pod.domain.ports import Work

EXTENDED = ("bio", "birthday", "gender", "location")
"""Fields that only people entitled may see."""

IMAGES = ("image_url", "image_url_medium", "image_url_small")

_TEXTS = {
    "full_name": 70,
    "first_name": 32,
    "last_name": 32,
    "gender": 255,
    "location": 255,
    "bio": 65535,
}
_FLAGS = ("searchable", "public", "nsfw")
EDITABLE = frozenset({*_TEXTS, *IMAGES, *_FLAGS, "birthday", "tag_string"})
"""What a person may change of their own profile."""

MAX_TAGS = 5


def edit(work: Work, account: Account, changes: Mapping[str, object]) -> Profile:
    """Change some fields of the account's profile and tell everybody concerned.

    Raises:
        Invalid: If a field is unknown or its value is none that other pods would accept.
    """
    unknown = sorted(set(changes) - EDITABLE)
    if unknown:
        raise Invalid(f"profile: {', '.join(unknown)} cannot be changed")
    values: dict[str, Any] = {name: checked(name, value) for name, value in changes.items()}
    if "image_url" in values:
        # One picture serves in all sizes, unless there are others.
        values = dict.fromkeys(IMAGES, values["image_url"]) | values
    now = work.now.replace(microsecond=0)
    profile = replace(work.people.profile(account.person), edited_at=now, **values)
    profile = with_absolute_images(profile, account.person.pod_url)
    work.people.set_profile(account.person, profile)
    publish(work, account)
    return profile


def publish(work: Work, account: Account) -> None:
    """Send the profile as it is now to every pod that has to do with the account."""
    profile = work.people.profile(account.person)
    recipients = profile_recipients(work, account)
    if profile.public:
        work.outbox.public(profile, account, recipients)
        return
    entitled = [contact.person for contact in work.sharing.contacts(account) if contact.receiving]
    work.outbox.private(profile, account, entitled)
    work.outbox.public(
        without_extended(profile), account, recipients, except_pods=work.people.pods(entitled)
    )


def introduce(work: Work, account: Account, person: Person) -> None:
    """Send the profile to somebody with whom the account has begun to share."""
    profile = work.people.profile(account.person)
    if profile.public:
        work.outbox.public(profile, account, [person])
    else:
        work.outbox.private(profile, account, [person])


def without_extended(profile: Profile) -> Profile:
    """The profile as anybody may see it."""
    return replace(profile, bio=None, birthday=None, gender=None, location=None)


def with_absolute_images(profile: Profile, pod_url: str) -> Profile:
    """The profile with complete image URLs; relative ones belong to the home pod."""
    return replace(
        profile,
        **{
            name: urljoin(pod_url, url)
            for name in IMAGES
            if (url := getattr(profile, name)) is not None
        },
    )


# --- who is told ---------------------------------------------------------------------------------


def profile_recipients(work: Work, account: Account) -> tuple[Person, ...]:
    """Everybody who has to do with the account, local or remote, each once, sorted by ID.

    Contacts in either direction, people in its conversations, everybody who had to do with its
    posts, the authors of posts that it had to do with, and whoever mentions it. What they are told
    is public.
    """
    me = account.person
    everybody = [
        *(contact.person for contact in work.sharing.contacts(account)),
        *(person for talk in work.conversations.of(me) for person in talk.participants),
        *_around_own_posts(work, me),
        *_authors_of_others(work, me),
        *mentioners(work, account),
    ]
    newest = {one.diaspora_id: one for one in map(work.people.newest, everybody) if not one.closed}
    newest.pop(me.diaspora_id, None)
    return tuple(newest[diaspora_id] for diaspora_id in sorted(newest))


def _around_own_posts(work: Work, me: Person) -> Iterator[Person]:
    for post in work.posts.by_author(me):
        yield from work.posts.audience(post)
        yield from work.posts.mentioned(post)
        yield from work.interactions.authors_on(post)
        yield from work.interactions.participants(post)
        yield from (reshare.author for reshare in work.posts.reshares_of(post))
        if post.root_author is not None:
            yield post.root_author


def _authors_of_others(work: Work, me: Person) -> Iterator[Person]:
    yield from (root.author for _, root in work.interactions.by_author(me))
    yield from (post.author for _, post in work.interactions.participated(me))


# --- what others say -----------------------------------------------------------------------------


def receive_profile(work: Work, entity: Profile, incoming: Incoming) -> None:
    """Replace what was known of the sender.

    Raises:
        Refused: If a newer one is known; this one comes late, or again.
    """
    person = work.people.newest(incoming.sender)
    before = work.people.profile(person)
    if _is_newer(before, entity):
        raise Refused(f"profile of {person.diaspora_id}: a newer one is known here")
    told = with_absolute_images(entity, person.pod_url)
    if incoming.is_public:
        told = _with_private_fields(told, before)
    work.people.set_profile(person, told)


def _with_private_fields(told: Profile, before: Profile) -> Profile:
    """What anybody may see, and what only this pod was told, unless that is outdated.

    The shortened form of the very same profile goes to other pods in the open, so that anybody can
    bring it here.
    """
    if told.public or before.public or _is_newer(told, before):
        return told
    return replace(told, **{name: getattr(before, name) for name in EXTENDED})


def _is_newer(one: Profile, other: Profile) -> bool:
    """Whether the first was certainly edited after the second."""
    if one.edited_at is None or other.edited_at is None:
        return False
    return one.edited_at > other.edited_at


# --- what may be said ----------------------------------------------------------------------------


def checked(name: str, value: object) -> Any:  # noqa: ANN401 - each field has its own type
    """A value for a field of the profile as it is kept.

    Raises:
        Invalid: If other pods would not accept it.
    """
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise Invalid(f"profile {name}: true or false is needed")
        return value
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Invalid(f"profile {name}: a text is needed")
    return _checked_text(name, value)


def _checked_text(name: str, value: str) -> object:
    if name == "birthday":
        return _date(value)
    if name == "tag_string":
        return _tags(value)
    if name in IMAGES:
        return _image(name, value)
    if len(value) > _TEXTS[name]:
        raise Invalid(f"profile {name}: at most {_TEXTS[name]} characters")
    # The mention markup separates name and ID by a semicolon.
    if name.endswith("_name") and ";" in value:
        raise Invalid(f"profile {name}: a semicolon is not possible in names")
    return value


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Invalid(f"profile birthday {value[:20]!r}: expected YYYY-MM-DD") from None


def _tags(value: str) -> str:
    if value.count("#") > MAX_TAGS:
        raise Invalid(f"profile tag_string: at most {MAX_TAGS} tags")
    return value


def _image(name: str, value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        raise Invalid(f"profile {name}: no URL") from None
    absolute = parts.scheme in ("http", "https") and bool(parts.netloc)
    relative = not parts.scheme and not parts.netloc
    if not (absolute or relative) or not parts.path:
        raise Invalid(f"profile {name}: an http(s) URL with a path is needed")
    return value


RECEIVERS: Mapping[type[Entity], Receiver] = {Profile: receive_profile}
