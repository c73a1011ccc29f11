"""Reading the state that a pod tells."""

from typing import Any

import pytest

from harness.errors import AdapterBroken
from harness.facts.snapshot import Row, snapshot
from harness.observe.state import arranged


def test_a_state_becomes_a_snapshot_with_nothing_mutable_in_it() -> None:
    state = {
        "host": "pod1.test",
        "rows": [
            ["post", "p" * 16, {"author": "carol@pod1.test", "public": True}],
            ["signature", "c" * 16, {"signed": [["author", "bob@pod3.test"]]}],
        ],
    }
    assert arranged("pod1", state) == snapshot(
        "pod1",
        "pod1.test",
        [
            Row("post", "p" * 16, {"author": "carol@pod1.test", "public": True}),
            Row("signature", "c" * 16, {"signed": (("author", "bob@pod3.test"),)}),
        ],
    )


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"host": "pod1.test", "rows": [["post", "p"]]},
        {"host": "pod1.test", "rows": [["post", "p", {"text": {"nested": 1}}]]},
        {"host": "pod1.test", "rows": [["post", "p", {}], ["post", "p", {}]]},
        {"host": "pod1.test", "rows": [["post", "p", None]]},
    ],
)
def test_a_state_in_any_other_form_breaks_the_contract(state: dict[str, Any]) -> None:
    with pytest.raises(AdapterBroken, match="the state of pod1"):
        arranged("pod1", state)
