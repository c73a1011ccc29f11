"""Tables of work to do: inbox, deliveries, mails, imports."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from pod.store.schema.columns import (
    HISTORY,
    Timestamp,
    account_column,
    guid_column,
    id_column,
    metadata,
    owned_column,
    person_column,
)

inbox = Table(
    "inbox",
    metadata,
    id_column(),
    Column("body", LargeBinary, nullable=False),
    account_column("recipient_account_id", nullable=True),  # NULL: the public route
    # Messages of one lane are handled one after the other, so that none overtakes what it hangs on.
    Column("lane", String(255), nullable=False, index=True),
    Column("received_at", Timestamp, nullable=False),
    Column("state", String(16), nullable=False, index=True),  # queued | running | done | dropped
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    Column("reason", Text),  # why it was dropped or is retried; never content
)

outgoing = Table(  # one sealed message, delivered by one or more deliveries
    "outgoing",
    metadata,
    id_column(),
    Column("entity", String(32), nullable=False),
    Column("guid", String(255)),
    person_column("sender_id", info=HISTORY),
    Column("payload", LargeBinary, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("created_at", Timestamp, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    owned_column("outgoing_id", "outgoing.id"),
    Column("pod_url", String(255), nullable=False, index=True),
    # Private deliveries name the person they were encrypted for, as addressed then.
    person_column("recipient_id", nullable=True, info=HISTORY),
    # Public ones to one pod may concern one person there (a comment under that person's post).
    person_column("concerns_id", nullable=True, info=HISTORY),
    Column("state", String(16), nullable=False, index=True),  # queued|running|done|abandoned
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    Column("finished_at", Timestamp),
    Column("only_if", String(16)),  # needed | understood: depends on what the pod announces
)

pod_features = Table(  # what other pods announced to understand, when they were last asked
    "pod_features",
    metadata,
    id_column(),
    Column("pod_url", String(255), nullable=False, unique=True),
    Column("features", Text, nullable=False),  # JSON: names
    Column("asked_at", Timestamp, nullable=False),
)

mails = Table(
    "mails",
    metadata,
    id_column(),
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
    id_column(),
    guid_column(),
    # One of: validated, scheduled, importing, announcing, done, failed, aborted.
    Column("state", String(16), nullable=False, index=True),
    Column("archive", LargeBinary, nullable=False),
    Column("old_id", String(255), nullable=False),
    Column("username", String(32)),
    Column("email", String(255)),
    Column("password_hash", String(255)),
    account_column("account_id", nullable=True),
    Column("report", Text, nullable=False, default="[]"),  # JSON: what could not be merged
    Column("task", String(16), nullable=False, default="idle", index=True),  # idle|queued|running
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    Column("created_at", Timestamp, nullable=False),
)

completions = Table(  # stubs to be replaced by the real thing: after 10 min, 1 h, 1 day, 3 days
    "completions",
    metadata,
    id_column(),
    Column("kind", String(16), nullable=False),  # person | post
    Column("subject", String(255), nullable=False),  # diaspora ID | post GUID
    Column("at", String(255), nullable=False),  # diaspora ID whose pod is asked
    account_column("account_id", nullable=True),  # who is told when the last attempt failed
    Column("state", String(16), nullable=False, default="queued", index=True),  # queued|running
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    UniqueConstraint("kind", "subject"),
)

totals = Table(  # for the gauge: sent, received, abandoned; in test mode also clock and guids
    "totals",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", Integer, nullable=False, default=0),
)
