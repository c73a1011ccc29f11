"""Who must have what: a small model of the federation, fed by the journal.

The model knows people, sharing, audiences, relaying and account migrations, and nothing of any
pod's code or storage. From the acts of a run it says which pods must hold each item, and by whom
it must be (the rules are in `harness.verify.acts` and `harness.verify.moving`). It assumes that the
federation was settled before an act that depends on an earlier one, as scenarios are written.

Source: federation protocol, sections 3.5, 3.6, 5.2, 6.4, 8; seed specification, sections 3 to 5, 8.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from harness.facts.identity import PodName


@dataclass(slots=True)
class Item:
    """An entity that somebody made.

    `root` is the post or conversation it belongs to (itself for those), `target` what a like,
    comment or reshare is of. `audience` is whom a limited post or a conversation is for,
    `subscribers` who gets what happens under a public post. `holders` are the pods that must
    have it. `author` is a person's ID of today, `made_by` the one of the time when it was made.
    """

    kind: str
    guid: str
    author: str
    root: str
    public: bool
    audience: set[str] = field(default_factory=set)
    subscribers: set[str] = field(default_factory=set)
    holders: set[PodName] = field(default_factory=set)
    target: str = ""
    made_by: str = ""

    def __post_init__(self) -> None:
        self.made_by = self.made_by or self.author


@dataclass(slots=True)
class Expectation:
    """The state of the model after the acts taken so far.

    `not_understood` lists verbs that the model cannot judge; presence is then unknown.
    """

    pod_of_host: Mapping[str, PodName]
    items: dict[str, Item] = field(default_factory=dict)
    shares: set[tuple[str, str]] = field(default_factory=set)
    disclosed: dict[str, set[PodName]] = field(default_factory=dict)
    aspects: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    tags: set[tuple[str, str]] = field(default_factory=set)
    profiles: dict[str, dict[str, object]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    told: dict[str, set[PodName]] = field(default_factory=dict)
    deferred: list[tuple[PodName, str, Callable[[], None]]] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)

    def home(self, person: str) -> PodName:
        """The pod where the person lives today."""
        return self.pod_of_host[self.newest(person).partition("@")[2]]

    def newest(self, person: str) -> str:
        """The person's ID today."""
        while person in self.moved:
            person = self.moved[person]
        return person

    def pods(self, people: Iterable[str]) -> set[PodName]:
        """Where these people live today."""
        return {self.home(person) for person in people}

    def of_kind(self, *kinds: str) -> list[Item]:
        """The items of these kinds, oldest first."""
        return [item for item in self.items.values() if item.kind in kinds]

    def children(self, guid: str) -> list[Item]:
        """What hangs on a post or conversation (not itself)."""
        return [item for item in self.items.values() if item.root == guid and item.guid != guid]

    def contacts(self, person: str) -> set[str]:
        """Everybody who shares with the person or with whom the person shares."""
        return {b for a, b in self.shares if a == person} | {
            a for a, b in self.shares if b == person
        }

    def knows_of_move(self, pod: PodName, person: str) -> bool:
        """Whether the pod knows today's ID of the person (or there is nothing to know)."""
        return person not in self.moved or pod in self.told.get(person, set())

    def defer(self, pod: PodName, person: str, deed: Callable[[], None]) -> None:
        """What a pod that missed a rename does happens once it has learned of it (sent again)."""
        self.deferred.append((pod, person, deed))

    def spread(self, post: Item, pods: set[PodName]) -> None:
        """Pods get a public post with its photos and, of a reshare, the root."""
        post.holders |= pods
        for child in self.children(post.guid):
            if child.kind == "photo":
                child.holders |= pods
        root = self.items.get(post.target)
        if post.kind == "post" and root is not None:
            self.spread(root, pods)

    def share(self, person: str, other: str) -> None:
        """The person shares with the other from now on, whose pod gets the whole profile."""
        self.shares.add((person, other))
        self.disclosed.setdefault(person, set()).add(self.home(other))

    def add(self, item: Item, pods: Iterable[PodName]) -> Item:
        """Remember an item and who must hold it."""
        item.holders.update(pods)
        self.items[item.guid] = item
        return item
