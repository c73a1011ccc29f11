"""Apply a rule; get from other pods what it turns out to need, and apply it again.

Nothing is fetched while a transaction is open: a rule that lacks something raises `Missing`, which
rolls back; what was missing is stored by a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pod.domain.errors import (
    EntityMissing,
    Later,
    Missing,
    PersonMissing,
    Refused,
    Unfound,
)
from pod.jobs import restraint
from pod.jobs.context import Context
from pod.store.ids import Act
from pod.store.unit_of_work import UnitOfWork

ROUNDS = 12
"""How often a rule may ask for something more: people and posts that hang on each other."""

Result = TypeVar("Result")


class Absent(Later):
    """Somebody who is needed is not found now, and may be later."""


def attempt(
    context: Context, action: Callable[[UnitOfWork], Result], act: Act | None = None
) -> Result:
    """Run an action in a unit of work until nothing is missing any more.

    Args:
        context: The pod.
        action: Called with a fresh unit of work in each round; commits when it returns.
        act: Whose act it is, for GUIDs and time.

    Raises:
        Later: If the same thing is missing twice, too much is missing, or it cannot be had now.
        Refused: If the rule, or what was fetched, says so.
    """
    asked: list[str] = []
    with restraint.one_message() as budget:
        while len(asked) < ROUNDS:
            try:
                with context.work(act) as work:
                    return action(work)
            except Missing as error:
                missing = error
            if str(missing) in asked:
                raise Later(f"{missing}, even after it was asked for")
            asked.append(str(missing))
            budget.take_needed(str(missing))
            _get(context, missing)
    raise Later(f"more than {ROUNDS} things were missing, last: {asked[-1]}")


def _get(context: Context, missing: Missing) -> None:
    # Fetching applies what it fetched by means of `attempt`, so the modules need each other.
    from pod.jobs import completing, fetch

    match missing:
        case PersonMissing():
            context.restraint.ask(missing.diaspora_id.host, context.clock.now())
            try:
                completing.discover(context, missing.diaspora_id)
            except Unfound as error:
                raise Absent(str(error)) from None
        case EntityMissing():
            context.restraint.ask(missing.at.host, context.clock.now())
            try:
                fetch.fetch(context, missing.type, missing.guid, missing.at, missing.author)
            except Refused as error:
                # It may yet come by itself: what is needed can be overtaken by what needs it.
                raise Later(f"{missing}: {error}") from None
