"""Every table of a pod.

Foreign keys carry meaning: an account migration re-points whatever references `people.id`, found by
asking this schema (`references_to`), so that a new table cannot be forgotten. A column that records
history, and must keep naming the old person, says so in its `info`.

Column conventions: `*_at` are aware UTC datetimes, kept as ISO text with seconds (`Timestamp`);
people are referenced by local row id and never leave the pod that way; GUIDs are network-wide.
"""

from functools import cache
from typing import Any

from sqlalchemy import Column, Table

from pod.store.schema.columns import HISTORY, REMEMBERED, Timestamp, iso, metadata
from pod.store.schema.content import (
    locations,
    mentions,
    photo_files,
    photos,
    poll_answers,
    polls,
    post_aspects,
    post_audience,
    post_visibilities,
    posts,
)
from pod.store.schema.events import embeds, event_participations, events
from pod.store.schema.persons import accounts, key_pool, people, profiles, sessions
from pod.store.schema.records import (
    account_deletions,
    account_migrations,
    aliases,
    migration_replies,
    pending_migrations,
    retractions,
)
from pod.store.schema.relations import aspect_memberships, aspects, blocks, contacts, tag_followings
from pod.store.schema.talks import conversation_participants, conversations, messages, notifications
from pod.store.schema.threads import (
    comments,
    likes,
    participations,
    poll_participations,
    relayable_signatures,
)
from pod.store.schema.work import (
    completions,
    deliveries,
    imports,
    inbox,
    mails,
    outgoing,
    pod_features,
    totals,
)

__all__ = [
    "HISTORY",
    "REMEMBERED",
    "Timestamp",
    "account_deletions",
    "account_migrations",
    "accounts",
    "aliases",
    "aspect_memberships",
    "aspects",
    "blocks",
    "comments",
    "completions",
    "contacts",
    "conversation_participants",
    "conversations",
    "deliveries",
    "embeds",
    "event_participations",
    "events",
    "imports",
    "inbox",
    "iso",
    "key_pool",
    "likes",
    "locations",
    "mails",
    "mentions",
    "messages",
    "metadata",
    "migration_replies",
    "notifications",
    "outgoing",
    "participations",
    "pending_migrations",
    "people",
    "photo_files",
    "photos",
    "pod_features",
    "poll_answers",
    "poll_participations",
    "polls",
    "post_aspects",
    "post_audience",
    "post_visibilities",
    "posts",
    "profiles",
    "references_to",
    "relayable_signatures",
    "retractions",
    "sessions",
    "tag_followings",
    "totals",
]


@cache
def references_to(table: Table) -> tuple[Column[Any], ...]:
    """Every column that points at `table`, except those that record history."""
    keys = (key for other in table.metadata.sorted_tables for key in other.foreign_keys)
    return tuple(
        key.parent for key in keys if key.references(table) and "history" not in key.parent.info
    )
