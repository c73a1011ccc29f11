"""Who has what, compared with who must have it."""

from collections.abc import Iterator

from harness.facts.finding import Finding
from harness.facts.identity import PodName
from harness.facts.snapshot import AUTHORED, short
from harness.verify.evidence import Evidence, named
from harness.verify.expectation import Item


def everyone_entitled_has_it(evidence: Evidence) -> Iterator[Finding]:
    """Every pod that must hold an item holds it; nothing is missing.

    Source: docs/verification.md#everyone-entitled-has-it
    """
    model = evidence.expectation
    for item in model.items.values() if model else ():
        for pod in sorted(item.holders):
            if evidence.snapshots[pod].get(item.kind, item.guid) is None:
                yield Finding(
                    "everyone_entitled_has_it", pod, _subject(item), "presence", "held", "missing"
                )
        if model is not None and item.kind == "post" and not item.public:
            yield from _forgotten(evidence, item, model.home(item.author))


def _forgotten(evidence: Evidence, post: Item, home: PodName) -> Iterator[Finding]:
    """Whom the home of a limited post does not know to be entitled: they get no more of it.

    A home that missed their move knows them by the old ID.
    """
    snapshot = evidence.snapshots[home]
    for person in sorted(post.audience - {post.author}):
        stale = (old for old, new in evidence.stale(home).items() if new == person)
        keys = [f"{post.guid}→{name}" for name in (snapshot.newest(person), *stale)]
        if snapshot.get("post", post.guid) and not any(
            snapshot.get("audience", key) for key in keys
        ):
            yield Finding(
                "everyone_entitled_has_it",
                home,
                _subject(post),
                "audience",
                short(person),
                "not addressed",
            )


def nobody_else_has_it(evidence: Evidence) -> Iterator[Finding]:
    """No pod holds an item that it is not entitled to, that was retracted or that nobody made.

    Source: docs/verification.md#nobody-else-has-it
    """
    model = evidence.expectation
    if model is None:
        return
    for pod, snapshot in evidence.snapshots.items():
        for kind in AUTHORED:
            for guid, row in snapshot.rows(kind).items():
                surplus = _why_surplus(model.items.get(guid), pod)
                if surplus:
                    yield Finding(
                        "nobody_else_has_it", pod, named(row), "presence", "absent", surplus
                    )


def _why_surplus(item: Item | None, pod: PodName) -> str:
    if item is None:
        return "held, though retracted or never made"
    if pod in item.holders:
        return ""
    return f"held; entitled: {', '.join(sorted(item.holders))}" + (
        "" if item.public else " (private)"
    )


def the_author_is_who_made_it(evidence: Evidence) -> Iterator[Finding]:
    """Every copy names the person who made it, by the newest ID.

    A pod that missed an account migration is reported once, by `everyone_knows_of_the_move`.

    Source: docs/verification.md#the-author-is-who-made-it
    """
    model = evidence.expectation
    for item in model.items.values() if model else ():
        for pod, snapshot in evidence.snapshots.items():
            row = snapshot.get(item.kind, item.guid)
            if row is None:
                continue
            found = row.text("author")
            if found != item.author and evidence.stale(pod).get(found) != item.author:
                yield Finding(
                    "the_author_is_who_made_it",
                    pod,
                    _subject(item),
                    "author",
                    short(item.author),
                    short(found),
                )


def _subject(item: Item) -> str:
    return f"{item.kind} {item.guid[:8]} by {short(item.author)}"
