"""The properties of what refers to something posted earlier."""

from __future__ import annotations

from pod.domain import entities as made
from pod.wire.properties.fields import (
    AUTHOR,
    AUTHOR_SIGNATURE,
    CREATED_AT,
    EDITED_AT,
    OWN_GUID,
    PARENT,
    needed,
)
from pod.wire.scalars import BOOL, GUID, LONG_TEXT, SHORT_TEXT, choice
from pod.wire.schema import Schema, Value

COMMENT = Schema(
    "comment",
    made.Comment,
    (
        AUTHOR,
        OWN_GUID,
        PARENT,
        needed("text", LONG_TEXT),
        CREATED_AT,
        EDITED_AT,
        AUTHOR_SIGNATURE,
    ),
)
LIKE = Schema(
    "like",
    made.Like,
    (
        AUTHOR,
        OWN_GUID,
        PARENT,
        needed("parent_type", choice("Post", "Comment")),
        Value("positive", BOOL, required=True, empty=False),
        AUTHOR_SIGNATURE,
    ),
)
POLL_PARTICIPATION = Schema(
    "poll_participation",
    made.PollParticipation,
    (AUTHOR, OWN_GUID, PARENT, needed("poll_answer_guid", GUID), AUTHOR_SIGNATURE),
)
EVENT_PARTICIPATION = Schema(
    "event_participation",
    made.EventParticipation,
    (
        AUTHOR,
        OWN_GUID,
        PARENT,
        needed("status", choice("accepted", "declined", "tentative")),
        EDITED_AT,
        AUTHOR_SIGNATURE,
    ),
)
PARTICIPATION = Schema(
    "participation",
    made.Participation,
    (AUTHOR, OWN_GUID, PARENT, needed("parent_type", choice("Post"))),
)
RETRACTION = Schema(
    "retraction",
    made.Retraction,
    (AUTHOR, needed("target_guid", GUID), needed("target_type", SHORT_TEXT)),
)
