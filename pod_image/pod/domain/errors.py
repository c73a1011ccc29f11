"""What can go wrong in the domain.

    DomainError                     the sender or the user asked for something that may not be
      Refused                       permanent: a message is dropped, a user's request declined
        InvalidSender, RecipientClosed, NotAllowed, Invalid,
        Conflict, and of it NameTaken, SecondMove
        NotFound, and of it
          Unfound                   no such person now: who needs that person may try again
      Missing                       something must be fetched first; the transaction is rolled back
        PersonMissing               discover a person, then try again
        EntityMissing               fetch a public entity, then try again
      Later                         temporary: try again by schedule

`status_hint` is the HTTP status for a user's request; a federation message is answered 202 anyhow.
Messages name what, where and what to do next; never content or keys.
"""

from typing import ClassVar

from pod.domain.identity import DiasporaId


class DomainError(Exception):
    """Root of the tree."""

    status_hint: ClassVar[int] = 422


class Refused(DomainError):
    """Permanent: doing the same again gives the same answer."""


class Invalid(Refused):
    """The request or message is malformed."""


class InvalidSender(Refused):
    """The sender may not say this."""

    status_hint = 403


class NotAllowed(Refused):
    """The account may not do this."""

    status_hint = 403


class NotFound(Refused):
    """No such person, post or other thing here, or not visible to the account that asks."""

    status_hint = 404


class Unfound(NotFound):
    """The home pod presents nobody of that ID now, or in no way that can be used.

    Who searches is told that there is nobody; a message of that person is tried again.
    """


class Conflict(Refused):
    """Contradicts what is stored: a GUID of another author, an ID renamed before."""

    status_hint = 409


class SecondMove(Conflict):
    """The old ID has moved elsewhere before: perhaps somebody has stolen its key."""


class NameTaken(Conflict):
    """The username is in use, or was once: names are never given out twice."""


class RecipientClosed(Refused):
    """The addressed account is closed; the old home answers with what became of it."""

    status_hint = 410


class Missing(DomainError):
    """Something has to be fetched from another pod before the rule can be applied."""


class PersonMissing(Missing):
    """Discover this person, then apply the rule again."""

    def __init__(self, diaspora_id: DiasporaId) -> None:
        super().__init__(f"person {diaspora_id} is not known here")
        self.diaspora_id = diaspora_id


class EntityMissing(Missing):
    """Fetch a public entity from the pod of `at`, then apply the rule again.

    `type` is a fetchable type of the federation protocol (section 6.2), `guid` of that entity.
    `author` is given when the fetched entity must be by that person.
    """

    def __init__(
        self, type_: str, guid: str, at: DiasporaId, author: DiasporaId | None = None
    ) -> None:
        super().__init__(f"{type_} {guid} is not known here; to be fetched from {at.host}")
        self.type = type_
        self.guid = guid
        self.at = at
        self.author = author


class Later(DomainError):
    """Temporary: the message is kept and tried again by schedule."""

    status_hint = 503
