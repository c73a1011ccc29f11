"""Which messages meet which fate: rules as plain data, decided without any I/O.

The newest rule that concerns a message decides. Rules are about deliveries, the pushing of an
entity to a pod; what pods ask of each other (discovery, fetching) only a cut can stop.

A rule that names an entity cannot tell whether an opaque message is one it concerns. The message
then passes and the decision says *unknown*, so that nobody takes it for "no rule concerned it".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from harness.facts.identity import Party
from harness.gate.decode import Message
from harness.gate.links import party_named

Action = Literal["pass", "lose", "refuse", "hold"]

FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "account migration": ("account_rename", "account_migration")
}
"""Concepts that travel in several forms: what scenarios call them, and their entities."""


class Fit(Enum):
    """Whether a rule concerns a message."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to which deliveries.

    Attributes:
        action: `pass` it on; `lose` it after acknowledging it, so that the sender will not try
            again; `refuse` it, so that it will; `hold` it, acknowledged, until it is released.
        entities: The names of the entities concerned; none means every delivery.
        sender: The pod it comes from; None means any.
        recipient: The pod it goes to; None means any.
        nth: Only the n-th message that is concerned otherwise, counted from 1.
    """

    action: Action
    entities: frozenset[str] = frozenset()
    sender: Party | None = None
    recipient: Party | None = None
    nth: int | None = None

    def __post_init__(self) -> None:
        if self.nth is not None and self.nth < 1:
            raise ValueError(f"nth counts from 1, not {self.nth}")
        for name in (self.sender, self.recipient):
            if name is not None:
                party_named(name)

    def fit(self, sender: Party, recipient: Party, message: Message) -> Fit:
        """Tell whether this rule concerns a message, the counting of `nth` left aside."""
        links = self.sender in (None, sender) and self.recipient in (None, recipient)
        if not (links and message.is_delivery):
            return Fit.NO
        if self.entities and message.is_opaque:
            return Fit.UNKNOWN
        return Fit.YES if not self.entities or message.entity in self.entities else Fit.NO


@dataclass(slots=True, eq=False)
class ActiveRule:
    """A rule in force, with what it has seen so far."""

    rule: Rule
    seen: int = 0
    was_blind: bool = False

    def concerns(self, sender: Party, recipient: Party, message: Message) -> Fit:
        """Tell whether this is the message meant, and count it."""
        fit = self.rule.fit(sender, recipient, message)
        self.was_blind |= fit is Fit.UNKNOWN
        if fit is not Fit.YES or self.rule.nth is None:
            return fit
        if self.was_blind:  # an unread message may have been the n-th
            return Fit.UNKNOWN
        self.seen += 1
        return Fit.YES if self.seen == self.rule.nth else Fit.NO


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to happen to a message.

    Attributes:
        action: What to do.
        by: The rule that said so; None if none did.
        is_certain: False if a rule could not tell whether it concerned the message.
    """

    action: Action = "pass"
    by: ActiveRule | None = None
    is_certain: bool = True


@dataclass(slots=True)
class RuleBook:
    """The rules in force, oldest first."""

    active: list[ActiveRule] = field(default_factory=list)

    def add(self, rule: Rule) -> ActiveRule:
        """Put a rule in force."""
        self.active.append(ActiveRule(rule))
        return self.active[-1]

    def remove(self, active: ActiveRule) -> None:
        """End a rule; ending it twice is harmless."""
        self.active = [other for other in self.active if other is not active]

    def decide(self, sender: Party, recipient: Party, message: Message) -> Decision:
        """Say what happens to a message; the newest rule that concerns it decides."""
        for active in reversed(self.active):
            fit = active.concerns(sender, recipient, message)
            if fit is Fit.UNKNOWN:
                return Decision(by=active, is_certain=False)
            if fit is Fit.YES:
                return Decision(active.rule.action, active)
        return Decision()


def named(entity: str | Iterable[str] | None) -> frozenset[str]:
    """One name, several, or None for every entity, as a rule wants them.

    A name may be that of a concept, `account migration`, which means its entities in every form.
    """
    if entity is None:
        return frozenset()
    names = (entity,) if isinstance(entity, str) else entity
    return frozenset(form for name in names for form in FORMS.get(name, (name,)))
