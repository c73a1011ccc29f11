"""What an account migration makes the model expect.

Source: seed specification, sections 3 to 6; federation protocol, section 8.
"""

from collections.abc import Callable, Iterable
from functools import partial

from harness.facts.identity import PodName
from harness.facts.journal import Act
from harness.verify.expectation import Expectation, Item


def import_archive(model: Expectation, act: Act) -> None:
    """A person moves: the archive arrives, what referred to the old ID means the new one."""
    old, new = act.arguments["old"], act.actor
    new_home = model.pod_of_host[new.partition("@")[2]]
    _bring(model, old, new_home)
    model.moved[old] = new
    model.told[old] = {new_home}
    followers = {(a, b) for a, b in model.shares if b == old}
    model.shares = {(new if a == old else a, b) for a, b in model.shares} - followers
    for person, other in list(model.shares):
        if person == new:
            model.share(new, other)
    for follower, _ in followers:
        _on_telling(model, follower, old, partial(model.share, follower, new))
    for (owner, name), members in list(model.aspects.items()):
        members[:] = [new if member == old else member for member in members]
        if owner == old:
            model.aspects[(new, name)] = model.aspects.pop((owner, name))
    model.blocks = {(new if a == old else a, new if b == old else b) for a, b in model.blocks}
    model.tags = {(new if a == old else a, tag) for a, tag in model.tags}
    if old in model.profiles:
        model.profiles[new] = model.profiles.pop(old)
    for item in model.items.values():
        item.author = new if item.author == old else item.author
        item.audience = {new if person == old else person for person in item.audience}
        item.subscribers = {new if person == old else person for person in item.subscribers}


def _on_telling(model: Expectation, actor: str, old: str, deed: Callable[[], None]) -> None:
    """At once where the pod knows of the move already, else when it learns of it."""
    if model.home(actor) in model.told[old]:
        deed()
    else:
        model.defer(model.home(actor), old, deed)


def _bring(model: Expectation, old: str, new_home: PodName) -> None:
    """What the archive carries, and what the new home fetches for it (seed, sections 3 and 6)."""
    for post in model.of_kind("post", "photo"):
        if post.author == old or (post.public and old in post.subscribers):
            model.spread(post, {new_home})
        if post.author == old:
            _hold(model.children(post.guid), new_home)
    for talk in model.of_kind("conversation"):
        if old in talk.audience:
            _hold([talk, *model.children(talk.guid)], new_home)
    for kind in ("comment", "like", "poll_participation", "event_participation"):
        own = [item for item in model.of_kind(kind) if item.author == old]
        _hold([item for item in own if _parents_held(model, item, new_home)], new_home)


def _hold(items: Iterable[Item], pod: PodName) -> None:
    for item in items:
        item.holders.add(pod)


def _parents_held(model: Expectation, item: Item, pod: PodName) -> bool:
    """An interaction is kept where its post is (a limited one may be unknown) and its comment."""
    parents = (model.items.get(item.root), model.items.get(item.target))
    return all(parent is None or pod in parent.holders for parent in parents)


def settled(model: Expectation, act: Act) -> None:
    """The federation was quiet; these pods had been told of these moves."""
    for old, pods in act.arguments.get("told", {}).items():
        if old in model.told:
            model.told[old] |= set(pods)
    waiting, model.deferred = model.deferred, []
    for pod, old, deed in waiting:
        if model.knows_of_move(pod, old):
            deed()
        else:
            model.deferred.append((pod, old, deed))
