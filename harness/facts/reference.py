"""What a verb returns: which entity was made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ref:
    """An entity by kind and GUID; kinds are the row types of the neutral state.

    `kind` is one of post, photo, comment, like, poll_participation, conversation, message.
    """

    kind: str
    guid: str

    def __str__(self) -> str:
        return f"{self.kind} {self.guid[:8]}"
