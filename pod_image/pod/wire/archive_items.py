"""The single items of an archive as JSON; see `pod.wire.archive`.

Readers are given what the schema has accepted. They raise `WireError` or `InvalidIdentity`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pod.domain.archive import (
    ArchivedContact,
    ArchivedConversation,
    ArchivedPost,
    KnownPerson,
    KnownPost,
)
from pod.domain.entities import (
    RELAYABLES,
    Conversation,
    Message,
    Photo,
    Profile,
    Relayable,
    Reshare,
    StatusMessage,
)
from pod.domain.identity import DiasporaId, Guid
from pod.wire.errors import InvalidEntity
from pod.wire.json_form import from_json, to_json

Json = Mapping[str, Any]

SETTING_KEYS = (
    ("language", "language"),
    ("disable_mail", "disable_mail"),
    ("show_community_spotlight", "show_community_spotlight_in_stream"),
    ("auto_follow_back", "auto_follow_back"),
    ("auto_follow_back_aspect", "auto_follow_back_aspect"),
)
"""Settings, and what archives call them."""


def read_id(item: str) -> DiasporaId:
    """A diaspora ID."""
    return DiasporaId(item)


def read_guid(item: str) -> Guid:
    """A GUID."""
    return Guid(item)


def read_name(item: Json) -> str:
    """The name of an aspect."""
    return str(item["name"])


def read_participation(item: Json) -> tuple[Guid, Guid]:
    """The GUIDs of a post and of the participation in it."""
    return Guid(item["parent_guid"]), Guid(item["guid"])


def read_profile(item: Json) -> Profile:
    """The owner's profile."""
    entity = from_json(item)
    if not isinstance(entity, Profile):
        raise InvalidEntity("expected a profile")
    return entity


def write_contact(contact: ArchivedContact) -> dict[str, object]:
    """A contact; each direction has two names."""
    person = contact.person
    known = {
        "person_guid": person.guid,
        "person_name": contact.name,
        "public_key": person.public_key,
    }
    return {
        "sharing": contact.sharing,
        "receiving": contact.receiving,
        "following": contact.sharing,
        "followed": contact.receiving,
        "account_id": person.diaspora_id,
        **{name: value for name, value in known.items() if value is not None},
        "contact_groups_membership": list(contact.aspects),
    }


def read_contact(item: Json) -> ArchivedContact:
    """A contact."""
    guid = item.get("person_guid")
    person = KnownPerson(
        diaspora_id=DiasporaId(item["account_id"]),
        guid=None if guid is None else Guid(guid),
        public_key=item.get("public_key"),
    )
    return ArchivedContact(
        person=person,
        name=item.get("person_name"),
        sharing=item["sharing"],
        receiving=item["receiving"],
        aspects=tuple(item["contact_groups_membership"]),
    )


def write_post(post: ArchivedPost) -> dict[str, object]:
    """A post of the owner's with its audience."""
    if isinstance(post.entity, StatusMessage) and not post.entity.public:
        audience = {"subscribed_users_ids": list(post.audience), "aspects": list(post.aspects)}
    else:
        audience = {"subscribed_pods_uris": list(post.pods)}
    return {**audience, **to_json(post.entity)}


def read_post(item: Json, owner: DiasporaId) -> ArchivedPost:
    """A post of the owner's; archives of other software may leave out the author."""
    entity = from_json({**item, "entity_data": {"author": owner, **item["entity_data"]}})
    if not isinstance(entity, StatusMessage | Reshare):
        raise InvalidEntity("expected a status message or a reshare")
    return ArchivedPost(
        entity=entity,
        audience=tuple(map(DiasporaId, item.get("subscribed_users_ids", ()))),
        aspects=tuple(item.get("aspects", ())),
        pods=tuple(item.get("subscribed_pods_uris", ())),
    )


def read_photo(item: Json) -> Photo:
    """A photo that belongs to no post."""
    entity = from_json(item)
    if not isinstance(entity, Photo):
        raise InvalidEntity("expected a photo")
    return entity


def read_relayable(item: Json) -> Relayable:
    """A comment, like or vote, as it was signed."""
    entity = from_json(item)
    if not isinstance(entity, RELAYABLES):
        raise InvalidEntity("expected a comment, like or vote")
    return entity


def write_conversation(conversation: ArchivedConversation) -> dict[str, object]:
    """A conversation; the messages stand beside it, as not only its author wrote them."""
    messages = [to_json(message) for message in conversation.messages]
    return {**to_json(conversation.entity), "messages": messages}


def read_conversation(item: Json) -> ArchivedConversation:
    """A conversation with its messages."""
    data = {name: value for name, value in item["entity_data"].items() if name != "messages"}
    entity = from_json({"entity_type": item["entity_type"], "entity_data": data})
    messages = tuple(map(from_json, item["messages"]))
    if not isinstance(entity, Conversation):
        raise InvalidEntity("expected a conversation")
    return ArchivedConversation(
        entity=entity,
        messages=tuple(message for message in messages if isinstance(message, Message)),
    )


def write_person(person: KnownPerson) -> dict[str, object]:
    """What is told about a person who is no contact."""
    return {
        "account_id": person.diaspora_id,
        "guid": person.guid,
        "public_key": person.public_key,
        **({"moved_to": person.moved_to} if person.moved_to is not None else {}),
    }


def read_person(item: Json) -> KnownPerson:
    """What is told about a person who is no contact."""
    moved_to = item.get("moved_to")
    return KnownPerson(
        diaspora_id=DiasporaId(item["account_id"]),
        guid=Guid(item["guid"]),
        public_key=item["public_key"],
        moved_to=None if moved_to is None else DiasporaId(moved_to),
    )


def write_reference(post: KnownPost) -> dict[str, object]:
    """What is told about somebody else's post."""
    return {
        "guid": post.guid,
        "author": post.author,
        "type": post.type,
        "public": post.public,
        **({"poll_guid": post.poll_guid} if post.poll_guid is not None else {}),
    }


def read_reference(item: Json) -> KnownPost:
    """What is told about somebody else's post."""
    poll_guid = item.get("poll_guid")
    return KnownPost(
        guid=Guid(item["guid"]),
        author=DiasporaId(item["author"]),
        type=item["type"],
        public=item.get("public", True),
        poll_guid=None if poll_guid is None else Guid(poll_guid),
    )
