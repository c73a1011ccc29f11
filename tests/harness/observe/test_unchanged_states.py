"""What a pod believes is read only if it has changed, and then it is."""

from itertools import pairwise
from pathlib import Path

import pytest

from harness.errors import AdapterBroken
from harness.facts.identity import POD_NAMES
from harness.facts.snapshot import Snapshots
from harness.gate.http import Request, Response
from harness.observe.state import arranged
from harness.runtime.control import REMEMBERED, Control
from harness.settings import ROOT, HarnessSettings
from tests.harness.runtime.town import Town, town


class Pod:
    """Answers as told, and counts how often all was told."""

    def __init__(self) -> None:
        self.tag, self.told = '"1"', 0

    def __call__(self, request: Request) -> Response:
        known = dict(request.headers).get("If-None-Match", "").split(", ")
        if self.tag and self.tag in known:
            return Response(304, (("etag", self.tag),))
        self.told += 1
        headers = (("etag", self.tag),) if self.tag else ()
        return Response(200, headers, b'{"host": "pod1.test", "rows": []}')


def test_what_was_read_lately_is_not_read_again() -> None:
    pod = Pod()
    control = Control("pod1", pod, "token")
    first = control.state_as(lambda document: arranged("pod1", document))
    assert control.state_as(lambda _: None) is first
    pod.tag = '"2"'
    second = control.state_as(lambda document: arranged("pod1", document))
    pod.tag = '"1"'
    assert control.state_as(lambda _: None) is first
    assert (second is first, pod.told) == (False, 2)


def test_not_everything_is_kept() -> None:
    pod = Pod()
    control = Control("pod1", pod, "token")
    for number in range(2 * REMEMBERED):
        pod.tag = f'"{number}"'
        control.state_as(len)
    pod.tag = '"0"'
    assert control.state_as(len) == 2
    assert pod.told == 2 * REMEMBERED + 1


def test_a_pod_without_tags_is_read_each_time() -> None:
    pod = Pod()
    pod.tag = ""
    control = Control("pod1", pod, "token")
    assert [control.state_as(len) for _ in range(3)] == [2, 2, 2]
    assert pod.told == 3


def test_a_pod_that_means_a_state_that_it_never_told_is_broken() -> None:
    control = Control("pod1", lambda _: Response(304, (("etag", '"7"'),)), "token")
    with pytest.raises(AdapterBroken, match="304"):
        control.state_as(len)


def settled(here: Town) -> Snapshots:
    """What all believe in the end; each was read as a stranger would read it, too."""
    found = here.federation.settle()
    for pod in POD_NAMES:
        assert found[pod] == arranged(pod, here.runtime.control[pod].state())
    return found


def play(here: Town) -> list[Snapshots]:
    """What all believe after each act."""
    here.begin()
    found = [settled(here)]
    post = here.people["carol"].post("hello")
    found.append(settled(here))
    here.people["bob"].comment(post, "hi")
    found.append(settled(here))
    here.federation["pod3"].kill()
    here.federation["pod3"].start()
    found.append(settled(here))
    here.people["carol"].retract(post)
    return [*found, settled(here)]


@pytest.mark.parametrize("kind", ["joined", "processes"])
def test_what_is_known_of_a_pod_is_always_what_it_would_say(tmp_path: Path, kind: str) -> None:
    settings = HarnessSettings(cache=ROOT / ".seedbed" / "cache", boot_seconds=60)
    with town(kind, settings, tmp_path) as here:
        for _ in range(2):
            found = play(here)
            changed = [
                {pod for pod in POD_NAMES if before[pod] != after[pod]}
                for before, after in pairwise(found)
            ]
            told = {"pod1", "pod2", "pod3"}
            assert changed == [told, told, set(), told]
