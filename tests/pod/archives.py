"""An archive as diaspora* writes it, with something of every kind; every value is invented."""

import gzip
import json
from typing import Any


def packed(content: object) -> bytes:
    """A file with that JSON."""
    return gzip.compress(json.dumps(content).encode(), mtime=0)


def _entity(kind: str, **data: object) -> dict[str, Any]:
    return {"entity_type": kind, "entity_data": data}


def _relayable(kind: str, **data: object) -> dict[str, Any]:
    names = [name for name in data if name != "author_signature"]
    return {**_entity(kind, **data), "property_order": names}


def _contact(name: str, *, sharing: bool, receiving: bool, groups: list[str]) -> dict[str, Any]:
    return {
        "sharing": sharing,
        "receiving": receiving,
        "following": sharing,
        "followed": receiving,
        "person_guid": name.partition("@")[0].ljust(32, "0"),
        "person_name": name.partition("@")[0].title(),
        "account_id": name,
        "public_key": "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        "contact_groups_membership": groups,
    }


_ME = "carol@pod1.example"
_PHOTO = _entity(
    "photo",
    guid="bbbb0001bbbb0001bbbb0001bbbb0001",
    author=_ME,
    public=True,
    created_at="2024-01-05T09:59:00Z",
    remote_photo_path="https://pod1.example/uploads/images/",
    remote_photo_name="c0ffee00c0ffee00c0ff.jpg",
    status_message_guid="aaaa0001aaaa0001aaaa0001aaaa0001",
    height=480,
    width=640,
)
_POLL = _entity(
    "poll",
    guid="cccc0001cccc0001cccc0001cccc0001",
    question="Which pod?",
    poll_answers=[
        _entity("poll_answer", guid="dddd0001dddd0001dddd0001dddd0001", answer="pod1"),
        _entity("poll_answer", guid="dddd0002dddd0002dddd0002dddd0002", answer="pod2"),
    ],
)
_POSTS = [
    {
        "subscribed_pods_uris": ["https://pod2.example/", "https://pod1.example/"],
        **_entity(
            "status_message",
            author=_ME,
            guid="aaaa0001aaaa0001aaaa0001aaaa0001",
            created_at="2024-01-05T10:00:00Z",
            public=True,
            text="Hello @{Alice; alice@pod2.example} #newhere",
            provider_display_name="mobile",
            photos=[_PHOTO],
            location=_entity("location", address="Main Street 1", lat="48.1", lng="11.5"),
            poll=_POLL,
        ),
    },
    {
        "subscribed_users_ids": ["debora@pod1.example", "alice@pod2.example"],
        **_entity(
            "status_message",
            author=_ME,
            guid="aaaa0002aaaa0002aaaa0002aaaa0002",
            created_at="2024-01-06T10:00:00Z",
            public=False,
            text="only for friends",
            photos=[],
        ),
    },
    {
        "subscribed_pods_uris": ["https://pod3.example/", "https://pod1.example/"],
        **_entity(
            "reshare",
            author=_ME,
            guid="aaaa0003aaaa0003aaaa0003aaaa0003",
            created_at="2024-01-07T10:00:00Z",
            root_author="bob@pod3.example",
            root_guid="eeee0001eeee0001eeee0001eeee0001",
        ),
    },
]
_RELAYABLES = [
    _relayable(
        "comment",
        author=_ME,
        guid="ffff0001ffff0001ffff0001ffff0001",
        parent_guid="eeee0001eeee0001eeee0001eeee0001",
        text="nice post",
        created_at="2024-01-07T10:05:00Z",
    ),
    _relayable(
        "like",
        author=_ME,
        guid="ffff0002ffff0002ffff0002ffff0002",
        parent_guid="eeee0001eeee0001eeee0001eeee0001",
        parent_type="Post",
        positive=True,
    ),
    _relayable(
        "poll_participation",
        author=_ME,
        guid="ffff0003ffff0003ffff0003ffff0003",
        parent_guid="eeee0002eeee0002eeee0002eeee0002",
        poll_answer_guid="eeee0003eeee0003eeee0003eeee0003",
    ),
]
_THEIRS = _relayable(
    "comment",
    author="bob@pod3.example",
    guid="99990001999900019999000199990001",
    parent_guid="aaaa0001aaaa0001aaaa0001aaaa0001",
    text="welcome",
    created_at="2024-01-05T11:00:00Z",
    author_signature="c2lnbmF0dXJlIG9mIG5vYm9keSBhdCBhbGw=",
)

EXAMPLE: dict[str, Any] = {
    "version": "2.0",
    "user": {
        "username": "carol",
        "email": "carol@mail.example",
        "language": "en",
        "private_key": "-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n",
        "disable_mail": False,
        "show_community_spotlight_in_stream": True,
        "auto_follow_back": True,
        "auto_follow_back_aspect": "friends",
        "blocks": ["mallory@pod3.example"],
        "profile": _entity(
            "profile",
            author=_ME,
            edited_at="2024-03-02T08:15:00Z",
            first_name="Carol",
            last_name="Example",
            image_url="https://pod1.example/uploads/images/thumb_large_c0ffee.jpg",
            bio="I move house a lot",
            birthday="1990-05-17",
            searchable=True,
            public=False,
            nsfw=False,
            tag_string="#moving #boxes",
        ),
        "contact_groups": [{"name": "friends"}, {"name": "work"}],
        "contacts": [
            _contact(
                "debora@pod1.example", sharing=True, receiving=True, groups=["friends", "work"]
            ),
            _contact("alice@pod2.example", sharing=False, receiving=True, groups=["friends"]),
            _contact("fan@pod3.example", sharing=True, receiving=False, groups=[]),
        ],
        "posts": _POSTS,
        "followed_tags": ["moving", "boxes"],
        "post_subscriptions": ["eeee0001eeee0001eeee0001eeee0001"],
        "relayables": _RELAYABLES,
    },
    "others_data": {"relayables": [_THEIRS]},
}
