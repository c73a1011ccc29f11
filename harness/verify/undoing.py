"""What is to go when somebody takes something back, or leaves.

Source: federation protocol, sections 4.11, 4.12 and 7.4.
"""

from harness.facts.journal import Act
from harness.verify.expectation import Expectation


def retract(model: Expectation, act: Act) -> None:
    """An entity goes, and what hangs on it; reshares of it stay."""
    _forget(model, act.arguments["guid"])


def unlike(model: Expectation, act: Act) -> None:
    """The person's like of this post or comment goes."""
    likes = [
        item.guid
        for item in model.of_kind("like")
        if (item.author, item.target) == (act.actor, act.arguments["on"])
    ]
    for guid in likes:
        _forget(model, guid)


def delete(model: Expectation, act: Act) -> None:
    """Posts and photos of the person go; comments, likes, votes and messages stay."""
    person = act.actor
    for item in model.of_kind("post", "photo"):
        if item.author == person:
            _forget(model, item.guid)
    for item in model.items.values():
        item.subscribers.discard(person)
        item.audience.discard(person)
    model.shares = {pair for pair in model.shares if person not in pair}
    for members in model.aspects.values():
        if person in members:
            members.remove(person)
    model.profiles.pop(person, None)
    model.blocks = {pair for pair in model.blocks if person not in pair}


def _forget(model: Expectation, guid: str) -> None:
    below = [
        item.guid
        for item in model.items.values()
        if guid in (item.root, item.target) and item.kind != "post"
    ]
    for gone in (guid, *below):
        model.items.pop(gone, None)
