"""What scenarios have imposed on the traffic, and whether it ever befell anything.

A fault that met no message has proved nothing: the scenario would have ended the same without it,
so a pod that never sends what was to be lost must not make it agree.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from harness.facts.identity import Party
from harness.gate.cuts import Links
from harness.gate.judgement import VERDICTS
from harness.gate.rules import Fit, Rule
from harness.gate.wiretap import Exchange, Wiretap

Noted = TypeVar("Noted")


@dataclass(frozen=True, slots=True)
class Imposition:
    """A fault that a scenario has imposed.

    Attributes:
        what: How to call it.
        since: The number of the latest exchange before it.
        befalls: Whether an exchange shows that it met it.
    """

    what: str
    since: int
    befalls: Callable[[Exchange], bool]


@dataclass(slots=True)
class Imposed:
    """All that was imposed since the gate was reset."""

    wiretap: Wiretap
    _all: list[Imposition] = field(default_factory=list)

    def rule(self, rule: Rule) -> Rule:
        """Note a rule."""
        return self._note(described(rule), rule, lambda exchange: _obeyed(rule, exchange))

    def links(self, links: Links) -> Links:
        """Note a cut."""
        pods = sorted({pod for link in links for pod in link})
        cut = frozenset[tuple[Party, Party | None]](links)
        return self._note(
            f"a cut of {len(links)} links between {', '.join(pods)}",
            links,
            lambda each: each.verdict == "failed" and (each.sender, each.recipient) in cut,
        )

    def garbage(self, pod: Party) -> Party:
        """Note that what a pod answers is garbled."""
        return self._note(
            f"garbage in place of what {pod} answers",
            pod,
            lambda each: each.verdict == "garbled" and each.recipient == pod,
        )

    def forget(self) -> None:
        """Begin anew."""
        self._all.clear()

    def unmet(self) -> tuple[str, ...]:
        """What was imposed and befell nothing, oldest first."""
        return tuple(
            each.what
            for each in self._all
            if not any(map(each.befalls, self.wiretap.exchanges(since=each.since)))
        )

    def _note(self, what: str, noted: Noted, befalls: Callable[[Exchange], bool]) -> Noted:
        self._all.append(Imposition(what, self.wiretap.mark(), befalls))
        return noted


def described(rule: Rule) -> str:
    """A rule in a few words: `lose account_rename to pod4`."""
    words = [rule.action, ", ".join(sorted(rule.entities)) or "everything"]
    words += [f"from {rule.sender}"] if rule.sender else []
    words += [f"to {rule.recipient}"] if rule.recipient else []
    words += [f"(number {rule.nth})"] if rule.nth else []
    return " ".join(words)


def _obeyed(rule: Rule, exchange: Exchange) -> bool:
    if exchange.recipient is None or exchange.verdict != VERDICTS[rule.action]:
        return False
    return rule.fit(exchange.sender, exchange.recipient, exchange.as_message()) is Fit.YES
