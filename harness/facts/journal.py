"""What was done in a run, act by act: the basis of expectations, reports and replays."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from harness.facts.identity import PodName
from harness.facts.reference import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One verb of one person (or of the harness: `settled`, `restored`).

    Verbs and their arguments; people are full diaspora IDs, entities are GUIDs:

    - `sign_up` {} (actor is the new person)
    - `look_up` {person} or {post}: a person was discovered, or a post fetched or found
    - `add_aspect` {name}
    - `share` {person, aspects: [names]} (all aspects the person is in afterwards)
    - `unshare` {person}
    - `block` {person}; `unblock` {person}; `follow_tag` {tag}; `edit_profile` {…}
    - `photo` {}
    - `post` {public, aspects: [names], mentions: [IDs], photos: [guids], poll: bool, text}
    - `comment` {on: post guid, mentions, text}
    - `like` and `unlike` {on: guid, target: post or comment}
    - `vote` {on: post guid}; `reshare` {of: post guid}
    - `conversation` {to: [IDs], message: guid, text}; `reply` {conversation: guid, text}
    - `retract` {kind, guid}
    - `export_archive` {}; `import_archive` {old: ID} (actor is the new ID); `delete` {}
    - `abort_import` {old: ID}: the latest import of this person did not take place (no actor)
    - `settled` {told: {old ID: [pods that hold the record of its migration]}} (actor is empty)

    `refs` are the entities made. `at` is virtual time.
    """

    n: int
    actor: str
    pod: PodName | None
    verb: str
    arguments: Mapping[str, Any]
    refs: tuple[Ref, ...] = ()
    at: datetime | None = None


@dataclass(slots=True)
class Journal:
    """The acts of a run in order; appended to, never changed."""

    _acts: list[Act] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(
        self,
        actor: str,
        verb: str,
        arguments: Mapping[str, Any],
        *,
        pod: PodName | None = None,
        refs: tuple[Ref, ...] = (),
        at: datetime | None = None,
    ) -> Act:
        """Append an act and number it."""
        with self._lock:
            act = Act(
                n=len(self._acts) + 1,
                actor=actor,
                pod=pod,
                verb=verb,
                arguments=dict(arguments),
                refs=refs,
                at=at,
            )
            self._acts.append(act)
        return act

    def tail(self, count: int = 10) -> tuple[Act, ...]:
        """The latest acts."""
        return tuple(self._acts[-count:])

    def restore(self, acts: Iterable[Act]) -> None:
        """Let these acts be all that has happened: the pods were restored to that moment."""
        with self._lock:
            self._acts[:] = acts

    def __iter__(self) -> Iterator[Act]:
        return iter(tuple(self._acts))

    def __len__(self) -> int:
        return len(self._acts)
