"""The properties of posts and of what may be inside them."""

from __future__ import annotations

from pod.domain import entities as made
from pod.wire import rules
from pod.wire.properties.fields import (
    AUTHOR,
    CREATED_AT,
    EDITED_AT,
    OWN_GUID,
    flag,
    needed,
    possibly_empty,
)
from pod.wire.scalars import (
    BOOL,
    DIASPORA_ID,
    GUID,
    INT,
    LONG_TEXT,
    SHORT_TEXT,
    TIME,
    TIMEZONE,
    url_with,
)
from pod.wire.schema import Nested, Repeated, Schema, Value

LOCATION = Schema(
    "location",
    made.Location,
    (
        possibly_empty("address", SHORT_TEXT),
        needed("lat", SHORT_TEXT),
        needed("lng", SHORT_TEXT),
    ),
)
POLL_ANSWER = Schema("poll_answer", made.PollAnswer, (OWN_GUID, needed("answer", SHORT_TEXT)))
POLL = Schema(
    "poll",
    made.Poll,
    (OWN_GUID, needed("question", SHORT_TEXT), Repeated("poll_answers", POLL_ANSWER)),
    rules.poll,
)
EMBED = Schema(
    "embed",
    made.Embed,
    (
        Value("url", url_with(host=True)),
        Value("title", SHORT_TEXT),
        Value("description", LONG_TEXT),
        Value("image", url_with(host=True, path=True)),
        Value("nothing", BOOL, default=False, empty=False, omitted=False),
    ),
    rules.embed,
)
EVENT = Schema(
    "event",
    made.Event,
    (
        AUTHOR,
        OWN_GUID,
        EDITED_AT,
        needed("summary", SHORT_TEXT),
        Value("description", LONG_TEXT),
        needed("start", TIME),
        Value("end", TIME),
        flag("all_day"),
        Value("timezone", TIMEZONE),
        Nested("location", LOCATION),
    ),
)
PHOTO = Schema(
    "photo",
    made.Photo,
    (
        OWN_GUID,
        AUTHOR,
        flag("public", filled=True),
        CREATED_AT,
        EDITED_AT,
        needed("remote_photo_path", url_with(host=True, path=True)),
        needed("remote_photo_name", SHORT_TEXT),
        Value("text", LONG_TEXT),
        Value("status_message_guid", GUID),
        Value("height", INT),
        Value("width", INT),
    ),
)
STATUS_MESSAGE = Schema(
    "status_message",
    made.StatusMessage,
    (
        AUTHOR,
        OWN_GUID,
        CREATED_AT,
        flag("public", filled=True),
        Value("provider_display_name", SHORT_TEXT),
        possibly_empty("text", LONG_TEXT),
        EDITED_AT,
        Repeated("photos", PHOTO),
        Nested("location", LOCATION),
        Nested("poll", POLL),
        Nested("event", EVENT),
        Nested("embed", EMBED),
    ),
    rules.status_message,
)
RESHARE = Schema(
    "reshare",
    made.Reshare,
    (
        AUTHOR,
        OWN_GUID,
        CREATED_AT,
        Value("root_author", DIASPORA_ID),
        Value("root_guid", GUID),
    ),
    rules.reshare,
)
