"""Who cannot reach whom: sets of directed links, computed without any I/O."""

from harness.facts.identity import POD_NAMES, PodName

Link = tuple[PodName, PodName]  # from, to
Links = frozenset[Link]


def one_way(a: PodName, b: PodName) -> Links:
    """Nothing gets from `a` to `b`; the other direction works."""
    return frozenset({(a, b)})


def between(a: PodName, b: PodName) -> Links:
    """Nothing gets from one to the other, in either direction."""
    return one_way(a, b) | one_way(b, a)


def around(pod: PodName) -> Links:
    """Nothing gets to the pod, or away from it."""
    others = (other for other in POD_NAMES if other != pod)
    return frozenset[Link]().union(*(between(pod, other) for other in others))
