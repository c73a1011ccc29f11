"""Diaspora IDs, and the names of the four pods."""

import pytest

from harness.facts.identity import POD_HOSTS, POD_NAMES, DiasporaId


def test_a_diaspora_id_is_its_text() -> None:
    carol = DiasporaId.parse("carol@pod1.test")
    assert carol == DiasporaId("carol", "pod1.test")
    assert (str(carol), carol.abbreviated) == ("carol@pod1.test", "carol@pod1")


def test_an_id_outside_the_federation_is_not_abbreviated() -> None:
    assert DiasporaId.parse("a.b-c_d@example.org:3000").abbreviated == "a.b-c_d@example.org:3000"


@pytest.mark.parametrize(
    "text",
    ["", "carol", "Carol@pod1.test", "carol@", "@pod1.test", "carol@pod1.test\n", "a@b@c",
     "carol@pod1.test:", "a" * 250 + "@b.test"],
)  # fmt: skip
def test_what_is_no_diaspora_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no diaspora ID"):
        DiasporaId.parse(text)


def test_there_are_four_pods_each_with_a_host() -> None:
    assert [POD_HOSTS[pod] for pod in POD_NAMES] == [f"pod{n}.test" for n in range(1, 5)]
