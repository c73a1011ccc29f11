"""Every table of a pod.

Foreign keys carry meaning: an account migration re-points whatever references `people.id`, found by
asking this schema (`references_to`), so that a new table cannot be forgotten. A column that records
history, and must keep naming the old person, says so in its `info`.

Column conventions: `*_at` are aware UTC datetimes, kept as ISO text with seconds (`Timestamp`); people are
referenced by local row id and never leave the pod that way; GUIDs are network-wide.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

HISTORY = {"history": True}
"""Marks a person reference that a migration must leave alone."""

metadata = MetaData()


class Timestamp(TypeDecorator[datetime]):
    """An aware UTC datetime as ISO text, cut to whole seconds: sortable, equal on every engine."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else datetime.fromisoformat(value)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _person(
    name: str, *, nullable: bool = False, index: bool = True, info: dict[str, Any] | None = None
) -> Column[int]:
    return Column(
        name, Integer, ForeignKey("people.id"), nullable=nullable, index=index, info=info or {}
    )


def _account(name: str = "account_id", *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey("accounts.id"), nullable=nullable, index=True)


def _owned(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(
        name, Integer, ForeignKey(target, ondelete="CASCADE"), nullable=nullable, index=True
    )


def _guid(*, unique: bool = True) -> Column[str]:
    return Column("guid", String(255), nullable=False, unique=unique, index=True)


# --- whom this pod knows -------------------------------------------------------------------------

people = Table(
    "people",
    metadata,
    _id(),
    Column("diaspora_id", String(255), nullable=False, unique=True),
    _guid(),
    Column("public_key", Text, nullable=False),  # PEM, pinned at first discovery
    Column("pod_url", String(255), nullable=False),  # origin with a trailing slash
    Column("closed", Boolean, nullable=False, default=False),
    Column("stub", Boolean, nullable=False, default=False),  # made from an archive, not discovered
    Column("created_at", Timestamp, nullable=False),
)

profiles = Table(
    "profiles",
    metadata,
    _id(),
    # A profile belongs to one ID for ever; the old one is emptied, not moved.
    Column(
        "person_id", Integer, ForeignKey("people.id"), nullable=False, unique=True, info=HISTORY
    ),
    Column("first_name", String(32)),
    Column("last_name", String(32)),
    Column("image_url", Text),
    Column("image_url_medium", Text),
    Column("image_url_small", Text),
    Column("bio", Text),
    Column("birthday", String(10)),
    Column("gender", String(255)),
    Column("location", String(255)),
    Column("searchable", Boolean, nullable=False, default=True),
    Column("public", Boolean, nullable=False, default=False),
    Column("nsfw", Boolean, nullable=False, default=False),
    Column("tag_string", Text),
    Column("edited_at", Timestamp),
)

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column(
        "person_id", Integer, ForeignKey("people.id"), nullable=False, unique=True, info=HISTORY
    ),
    Column("username", String(32), nullable=False, unique=True),  # never given out twice
    Column("email", String(255), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("private_key", Text, nullable=False),  # PEM; kept when the account closes, to answer
    Column("state", String(16), nullable=False),  # open | locked | closed
    Column("language", String(16), nullable=False, default="en"),
    Column("disable_mail", Boolean, nullable=False, default=False),
    Column("show_community_spotlight", Boolean, nullable=False, default=False),
    Column("auto_follow_back", Boolean, nullable=False, default=False),
    Column("auto_follow_back_aspect", String(255)),
    Column("created_at", Timestamp, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    _account(),
    Column("token_hash", String(64), nullable=False, unique=True),
)

key_pool = Table(
    "key_pool",
    metadata,
    _id(),
    Column("position", Integer, nullable=False, unique=True),  # which test keys were handed out
)

# --- sharing -------------------------------------------------------------------------------------

contacts = Table(
    "contacts",
    metadata,
    _id(),
    _account(),
    _person("person_id"),
    Column("sharing", Boolean, nullable=False, default=False),  # the person shares with the account
    Column("receiving", Boolean, nullable=False, default=False),  # the account shares with them
    UniqueConstraint("account_id", "person_id"),
)

aspects = Table(
    "aspects",
    metadata,
    _id(),
    _account(),
    Column("name", String(255), nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("account_id", "name"),
)

aspect_memberships = Table(
    "aspect_memberships",
    metadata,
    _id(),
    _owned("aspect_id", "aspects.id"),
    _owned("contact_id", "contacts.id"),
    UniqueConstraint("aspect_id", "contact_id"),
)

blocks = Table(
    "blocks",
    metadata,
    _id(),
    _account(),
    _person("person_id"),
    UniqueConstraint("account_id", "person_id"),
)

tag_followings = Table(
    "tag_followings",
    metadata,
    _id(),
    _account(),
    Column("tag", String(255), nullable=False),
    UniqueConstraint("account_id", "tag"),
)

# --- posts ---------------------------------------------------------------------------------------

posts = Table(
    "posts",
    metadata,
    _id(),
    _guid(),
    Column("kind", String(16), nullable=False),  # status_message | reshare
    _person("author_id"),
    Column("public", Boolean, nullable=False),
    Column("text", Text),
    Column("created_at", Timestamp),
    Column("provider_display_name", String(255)),
    Column("root_guid", String(255), index=True),  # of a reshare; kept when the root is unknown
    _person("root_author_id", nullable=True),
    Column("stub", Boolean, nullable=False, default=False),  # made from an archive, not fetched
)
# One reshare per author and root (a second root of NULL is no duplicate).
Index("reshare_once", posts.c.author_id, posts.c.root_guid, unique=True)

photos = Table(
    "photos",
    metadata,
    _id(),
    _guid(),
    _person("author_id"),
    Column("status_message_guid", String(255), index=True),
    Column("position", Integer, nullable=False, default=0),
    Column("public", Boolean, nullable=False),
    Column("text", Text),
    Column("created_at", Timestamp),
    Column("remote_photo_path", Text, nullable=False),
    Column("remote_photo_name", String(255), nullable=False),
    Column("height", Integer),
    Column("width", Integer),
)

photo_files = Table(
    "photo_files",
    metadata,
    _id(),
    Column("name", String(255), nullable=False, unique=True),
    Column("media_type", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

locations = Table(
    "locations",
    metadata,
    _id(),
    Column(
        "post_id",
        Integer,
        ForeignKey("posts.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("address", String(255)),
    Column("lat", String(32), nullable=False),
    Column("lng", String(32), nullable=False),
)

polls = Table(
    "polls",
    metadata,
    _id(),
    _guid(),
    Column(
        "post_id",
        Integer,
        ForeignKey("posts.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("question", String(255), nullable=False),
)

poll_answers = Table(
    "poll_answers",
    metadata,
    _id(),
    _guid(),
    _owned("poll_id", "polls.id"),
    Column("answer", String(255), nullable=False),
    Column("position", Integer, nullable=False),
)

post_aspects = Table(  # the aspects that a limited post of a local author was shared with
    "post_aspects",
    metadata,
    _id(),
    _owned("post_id", "posts.id"),
    _owned("aspect_id", "aspects.id"),
    UniqueConstraint("post_id", "aspect_id"),
)

post_audience = Table(  # whom a limited post of a local author was addressed to
    "post_audience",
    metadata,
    _id(),
    _owned("post_id", "posts.id"),
    _person("person_id"),
    UniqueConstraint("post_id", "person_id"),
)

post_visibilities = Table(  # local accounts that may see a limited post of somebody else
    "post_visibilities",
    metadata,
    _id(),
    _owned("post_id", "posts.id"),
    _account(),
    UniqueConstraint("post_id", "account_id"),
)

mentions = Table(
    "mentions",
    metadata,
    _id(),
    _person("person_id"),
    _owned("post_id", "posts.id", nullable=True),
    _owned("comment_id", "comments.id", nullable=True),
    UniqueConstraint("person_id", "post_id"),
    UniqueConstraint("person_id", "comment_id"),
)

# --- what hangs on posts -------------------------------------------------------------------------

comments = Table(
    "comments",
    metadata,
    _id(),
    _guid(),
    _person("author_id"),
    _owned("post_id", "posts.id"),
    Column("text", Text, nullable=False),
    Column("created_at", Timestamp),
)

likes = Table(
    "likes",
    metadata,
    _id(),
    _guid(),
    _person("author_id"),
    _owned("post_id", "posts.id", nullable=True),
    _owned("comment_id", "comments.id", nullable=True),
    Column("positive", Boolean, nullable=False, default=True),
    UniqueConstraint("author_id", "post_id"),
    UniqueConstraint("author_id", "comment_id"),
)

poll_participations = Table(
    "poll_participations",
    metadata,
    _id(),
    _guid(),
    _person("author_id"),
    _owned("poll_id", "polls.id"),
    _owned("poll_answer_id", "poll_answers.id"),
    UniqueConstraint("author_id", "poll_id"),
)

participations = Table(
    "participations",
    metadata,
    _id(),
    _guid(),
    _person("author_id"),
    _owned("post_id", "posts.id"),
    UniqueConstraint("author_id", "post_id"),
)

relayable_signatures = Table(  # what is needed to relay or export a relayable byte-true
    "relayable_signatures",
    metadata,
    _id(),
    Column("entity", String(32), nullable=False),  # comment | like | poll_participation
    _guid(),
    # Who signed, by the ID valid then: a signature never follows its author to a new ID.
    _person("signer_id", info=HISTORY),
    Column("author_signature", Text),
    Column("signed", Text, nullable=False),  # JSON: [[element, raw text], …] in signing order
)

# --- private conversations -----------------------------------------------------------------------

conversations = Table(
    "conversations",
    metadata,
    _id(),
    _guid(),
    _person("author_id"),
    Column("subject", String(255), nullable=False),
    Column("created_at", Timestamp),
)

conversation_participants = Table(
    "conversation_participants",
    metadata,
    _id(),
    _owned("conversation_id", "conversations.id"),
    _person("person_id"),
    UniqueConstraint("conversation_id", "person_id"),
)

messages = Table(
    "messages",
    metadata,
    _id(),
    _guid(),
    _owned("conversation_id", "conversations.id"),
    _person("author_id"),
    Column("text", Text, nullable=False),
    Column("created_at", Timestamp),
)

notifications = Table(
    "notifications",
    metadata,
    _id(),
    _account(),
    Column("kind", String(32), nullable=False),  # started_sharing | mentioned | commented | …
    _person("actor_id"),
    Column("target_guid", String(255)),  # of the post, comment or conversation
    Column("created_at", Timestamp, nullable=False),
    UniqueConstraint("account_id", "kind", "actor_id", "target_guid"),
)

# --- records that outlive what they are about ----------------------------------------------------

account_migrations = Table(
    "account_migrations",
    metadata,
    _id(),
    Column(
        "old_person_id", Integer, ForeignKey("people.id"), nullable=False, unique=True, info=HISTORY
    ),
    _person("new_person_id", info=HISTORY),  # chains are followed when read
    Column("form", String(32), nullable=False),  # account_rename | account_migration
    Column("envelope", LargeBinary, nullable=False),  # as received or first sent, byte for byte
    Column("originated_here", Boolean, nullable=False, default=False),
    Column("created_at", Timestamp, nullable=False),
    Column("completed_at", Timestamp),
)

pending_migrations = Table(  # no consent of the new identity yet, or it cannot be discovered now
    "pending_migrations",
    metadata,
    _id(),
    Column("old_id", String(255), nullable=False),
    Column("new_id", String(255), nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    UniqueConstraint("old_id", "new_id"),
)

aliases = Table(  # an old ID of which only the new one is known (the old person never was)
    "aliases",
    metadata,
    _id(),
    Column("old_id", String(255), nullable=False, unique=True),
    _person("new_person_id", info=HISTORY),
    Column("envelope", LargeBinary, nullable=False),
)

migration_replies = Table(  # at most one answer per (old ID, pod) and hour
    "migration_replies",
    metadata,
    _id(),
    _person("old_person_id", info=HISTORY),
    Column("pod_url", String(255), nullable=False),
    Column("sent_at", Timestamp, nullable=False),
    UniqueConstraint("old_person_id", "pod_url"),
)

account_deletions = Table(
    "account_deletions",
    metadata,
    _id(),
    Column(
        "person_id", Integer, ForeignKey("people.id"), nullable=False, unique=True, info=HISTORY
    ),
    Column("created_at", Timestamp, nullable=False),
)

retractions = Table(  # tombstones: what was retracted does not come back with a late copy
    "retractions",
    metadata,
    _id(),
    Column("target_guid", String(255), nullable=False),
    Column("target_type", String(32), nullable=False),
    _person("author_id", nullable=True, info=HISTORY),  # author of what was retracted
    Column("created_at", Timestamp, nullable=False),
    UniqueConstraint("target_guid", "target_type"),
)

# --- work to do ----------------------------------------------------------------------------------

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("body", LargeBinary, nullable=False),
    _account("recipient_account_id", nullable=True),  # NULL: the public route
    Column("received_at", Timestamp, nullable=False),
    Column("state", String(16), nullable=False, index=True),  # queued | running | done | dropped
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    Column("reason", Text),  # why it was dropped or is retried; never content
)

outgoing = Table(  # one sealed message, delivered by one or more deliveries
    "outgoing",
    metadata,
    _id(),
    Column("entity", String(32), nullable=False),
    Column("guid", String(255)),
    _person("sender_id", info=HISTORY),
    Column("payload", LargeBinary, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("created_at", Timestamp, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _owned("outgoing_id", "outgoing.id"),
    Column("pod_url", String(255), nullable=False, index=True),
    # Private deliveries name the person they were encrypted for, as addressed then.
    _person("recipient_id", nullable=True, info=HISTORY),
    # Public ones to one pod may concern one person there (a comment under that person's post).
    _person("concerns_id", nullable=True, info=HISTORY),
    Column("state", String(16), nullable=False, index=True),  # queued|running|done|abandoned
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    Column("finished_at", Timestamp),
)

mails = Table(
    "mails",
    metadata,
    _id(),
    Column("recipient", String(255), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),  # queued|running|done|abandoned
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
)

imports = Table(  # the import wizard's state
    "imports",
    metadata,
    _id(),
    _guid(),
    # validated | scheduled | importing | announcing | done | failed | aborted
    Column("state", String(16), nullable=False, index=True),
    Column("archive", LargeBinary, nullable=False),
    Column("old_id", String(255), nullable=False),
    Column("username", String(32)),
    Column("email", String(255)),
    Column("password_hash", String(255)),
    _account("account_id", nullable=True),
    Column("report", Text, nullable=False, default="[]"),  # JSON: what could not be merged
    Column("created_at", Timestamp, nullable=False),
)

completions = Table(  # stubs to be replaced by the real thing: after 10 min, 1 h, 1 day, 3 days
    "completions",
    metadata,
    _id(),
    Column("kind", String(16), nullable=False),  # person | post
    Column("subject", String(255), nullable=False),  # diaspora ID | post GUID
    Column("at", String(255), nullable=False),  # diaspora ID whose pod is asked
    _account("account_id", nullable=True),  # who is told when the last attempt failed
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    UniqueConstraint("kind", "subject"),
)

totals = Table(  # running totals for the gauge: sent, received, abandoned
    "totals",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", Integer, nullable=False, default=0),
)


def references_to(table: Table) -> list[Column[Any]]:
    """Every column that points at `table`, except those that record history."""
    keys = (key for other in table.metadata.sorted_tables for key in other.foreign_keys)
    return [key.parent for key in keys if key.references(table) and "history" not in key.parent.info]
