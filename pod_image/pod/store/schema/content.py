"""Tables of posts and their parts, and of who may see them."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pod.store.schema.columns import (
    Timestamp,
    account_column,
    guid_column,
    id_column,
    metadata,
    owned_column,
    person_column,
)

posts = Table(
    "posts",
    metadata,
    id_column(),
    guid_column(),
    Column("kind", String(16), nullable=False),  # status_message | reshare
    person_column("author_id"),
    Column("public", Boolean, nullable=False),
    Column("text", Text),
    Column("created_at", Timestamp),
    Column("provider_display_name", String(255)),
    Column("root_guid", String(255), index=True),  # of a reshare; kept when the root is unknown
    person_column("root_author_id", nullable=True),
    Column("stub", Boolean, nullable=False, default=False),  # made from an archive, not fetched
)
# One reshare per author and root (a second root of NULL is no duplicate).
Index("reshare_once", posts.c.author_id, posts.c.root_guid, unique=True)

photos = Table(
    "photos",
    metadata,
    id_column(),
    guid_column(),
    person_column("author_id"),
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
    id_column(),
    Column("name", String(255), nullable=False, unique=True),
    Column("media_type", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

locations = Table(
    "locations",
    metadata,
    id_column(),
    Column(
        "post_id",
        Integer,
        ForeignKey("posts.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("address", String(255)),
    Column("lat", String(255), nullable=False),
    Column("lng", String(255), nullable=False),
)

polls = Table(
    "polls",
    metadata,
    id_column(),
    guid_column(),
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
    id_column(),
    guid_column(),
    owned_column("poll_id", "polls.id"),
    Column("answer", String(255), nullable=False),
    Column("position", Integer, nullable=False),
)

post_aspects = Table(  # the aspects that a limited post of a local author was shared with
    "post_aspects",
    metadata,
    id_column(),
    owned_column("post_id", "posts.id"),
    owned_column("aspect_id", "aspects.id"),
    UniqueConstraint("post_id", "aspect_id"),
)

post_audience = Table(  # whom a limited post of a local author was addressed to
    "post_audience",
    metadata,
    id_column(),
    owned_column("post_id", "posts.id"),
    person_column("person_id"),
    UniqueConstraint("post_id", "person_id"),
)

post_visibilities = Table(  # local accounts that may see a limited post of somebody else
    "post_visibilities",
    metadata,
    id_column(),
    owned_column("post_id", "posts.id"),
    account_column(),
    UniqueConstraint("post_id", "account_id"),
)

mentions = Table(
    "mentions",
    metadata,
    id_column(),
    person_column("person_id"),
    owned_column("post_id", "posts.id", nullable=True),
    owned_column("comment_id", "comments.id", nullable=True),
    UniqueConstraint("person_id", "post_id"),
    UniqueConstraint("person_id", "comment_id"),
)
