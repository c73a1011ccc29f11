"""The properties of what people say about themselves and to each other."""

from __future__ import annotations

from pod.domain import entities as made
from pod.wire import rules
from pod.wire.properties.fields import AUTHOR, CREATED_AT, EDITED_AT, OWN_GUID, flag, needed
from pod.wire.scalars import (
    DATE,
    DIASPORA_ID,
    FULL_NAME,
    GUID,
    LONG_TEXT,
    NAME,
    PARTICIPANTS,
    SHORT_TEXT,
    SIGNATURE,
    url_with,
)
from pod.wire.schema import Nested, Repeated, Schema, Value

CONTACT = Schema(
    "contact",
    made.Contact,
    (
        AUTHOR,
        needed("recipient", DIASPORA_ID),
        flag("following", default=True, filled=True),
        flag("sharing", default=True, filled=True),
        flag("blocking"),
    ),
    rules.contact,
)
PROFILE = Schema(
    "profile",
    made.Profile,
    (
        AUTHOR,
        EDITED_AT,
        Value("full_name", FULL_NAME),
        Value("first_name", NAME),
        Value("last_name", NAME),
        Value("image_url", url_with(path=True)),
        Value("image_url_medium", url_with(path=True)),
        Value("image_url_small", url_with(path=True)),
        Value("bio", LONG_TEXT),
        Value("birthday", DATE),
        Value("gender", SHORT_TEXT),
        Value("location", SHORT_TEXT),
        flag("searchable", default=True),
        flag("public"),
        flag("nsfw"),
        Value("tag_string", LONG_TEXT),
    ),
    rules.profile,
)
MESSAGE = Schema(
    "message",
    made.Message,
    (
        AUTHOR,
        OWN_GUID,
        needed("text", LONG_TEXT),
        CREATED_AT,
        EDITED_AT,
        needed("conversation_guid", GUID),
    ),
)
CONVERSATION = Schema(
    "conversation",
    made.Conversation,
    (
        AUTHOR,
        OWN_GUID,
        needed("subject", SHORT_TEXT),
        CREATED_AT,
        needed("participants", PARTICIPANTS),
        Repeated("messages", MESSAGE),
    ),
    rules.conversation,
)
ACCOUNT_DELETION = Schema("account_deletion", made.AccountDeletion, (AUTHOR,))
ACCOUNT_MIGRATION = Schema(
    "account_migration",
    made.AccountMigration,
    (
        AUTHOR,
        Nested("profile", PROFILE, required=True),
        Value("signature", SIGNATURE),
        Value("old_identity", DIASPORA_ID),
        Value("remote_photo_path", url_with(host=True, path=True)),
    ),
    rules.account_migration,
)
PERSON = Schema(
    "person",
    made.Person,
    (
        OWN_GUID,
        AUTHOR,
        needed("url", url_with(host=True)),
        Nested("profile", PROFILE, required=True),
        needed("exported_key", LONG_TEXT),
    ),
    rules.person,
)
ACCOUNT_RENAME = Schema(
    "account_rename",
    made.AccountRename,
    (AUTHOR, Nested("person", PERSON, required=True), Value("new_signature", SIGNATURE)),
    rules.account_rename,
)
