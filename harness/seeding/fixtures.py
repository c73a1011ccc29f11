"""What the people have made in their common past, by names that scenarios can use."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from harness.facts.reference import Ref

Named = dict[str, Ref]


@dataclass(slots=True)
class Fixtures:
    """Entities by name; a name says by whom, what, and for whom: `carol_limited_family`.

    Attributes:
        posts: Status messages and reshares.
        photos: Photos in posts.
        comments: Comments, and likes by `<who>_likes_<what>` in `likes`.
        likes: Likes on posts and comments.
        votes: Votes in polls.
        conversations: Private conversations.
        messages: Replies in them.
        canaries: GUIDs of private items by the token that stands in its text and nowhere else.
    """

    posts: Named = field(default_factory=dict)
    photos: Named = field(default_factory=dict)
    comments: Named = field(default_factory=dict)
    likes: Named = field(default_factory=dict)
    votes: Named = field(default_factory=dict)
    conversations: Named = field(default_factory=dict)
    messages: Named = field(default_factory=dict)
    canaries: dict[str, str] = field(default_factory=dict)

    def as_document(self) -> dict[str, Any]:
        """For keeping as JSON."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Fixtures":
        """Read what `as_document` gave."""
        return cls(
            canaries=dict(document["canaries"]),
            **{kind: _refs(document[kind]) for kind in KINDS},
        )


KINDS = ("posts", "photos", "comments", "likes", "votes", "conversations", "messages")


def _refs(document: Mapping[str, Any]) -> Named:
    return {name: Ref(**ref) for name, ref in document.items()}
