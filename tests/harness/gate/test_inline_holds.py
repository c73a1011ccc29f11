"""What the gate holds back and cuts off, and that it lets it go again."""

import pytest

from harness.gate.http import Request
from harness.gate.inline import Answer, HeaderList
from tests.harness.gate.inline_pods import CAROL, COMMENT, Pods
from tests.harness.gate.letters import comment, publicly


@pytest.fixture
def pods() -> Pods:
    return Pods()


def letter(number: int) -> Request:
    return publicly(comment(CAROL, guid=f"{number:032}"), CAROL)


def test_held_messages_arrive_in_order_when_the_block_is_left(pods: Pods) -> None:
    letters = [letter(number) for number in range(3)]
    with pods.gate.holding("comment", to="pod4") as hold:
        statuses = [pods.send(each)[0] for each in letters]
        kept = (pods.inbox["pod4"].copy(), hold.parked, pods.gate.parked)
    assert (statuses, kept) == ([202] * 3, ([], 3, 3))
    assert pods.inbox["pod4"] == [each.body for each in letters]
    assert (pods.gate.parked, pods.verdicts()) == (0, ["parked"] * 3 + ["released"] * 3)


def test_a_released_hold_holds_nothing_any_more(pods: Pods) -> None:
    with pods.gate.holding("comment") as hold:
        pods.send(letter(1))
        hold.release()
        pods.send(letter(2))
        assert pods.inbox["pod4"] == [letter(1).body, letter(2).body]
    assert pods.verdicts() == ["parked", "released", "passed"]


def test_only_the_second_message_is_held_and_is_overtaken(pods: Pods) -> None:
    with pods.gate.holding("comment", nth=2):
        for number in range(3):
            pods.send(letter(number))
    assert pods.inbox["pod4"] == [letter(number).body for number in (0, 2, 1)]


def test_two_holds_keep_their_own_messages(pods: Pods) -> None:
    with pods.gate.holding("comment", to="pod2") as first, pods.gate.holding(to="pod4") as second:
        pods.send(COMMENT, to="pod2")
        pods.send(COMMENT)
        second.release()
        assert (first.parked, second.parked, pods.gate.parked) == (1, 0, 1)
    assert (len(pods.inbox["pod2"]), len(pods.inbox["pod4"])) == (1, 1)


def test_a_message_that_arrives_during_the_release_is_delivered_last(pods: Pods) -> None:
    inbox: list[bytes] = []

    def relay(_method: str, _target: str, _headers: HeaderList, body: bytes) -> Answer:
        inbox.append(body)
        if body == letter(1).body:
            pods.send(letter(3))
        return 202, [], b""

    pods.inline.register("pod4", relay)
    with pods.gate.holding("comment"):
        pods.send(letter(1))
        pods.send(letter(2))
    assert inbox == [letter(number).body for number in (1, 2, 3)]


def test_a_message_released_to_a_pod_that_is_gone_has_failed(pods: Pods) -> None:
    with pods.gate.holding("comment"):
        pods.send(COMMENT)
        pods.inline.unregister("pod4")
    last = pods.gate.wiretap.exchanges()[-1]
    assert (last.verdict, last.reason) == ("failed", "pod4 is unreachable: it does not run")


def test_a_message_released_into_a_cut_has_failed(pods: Pods) -> None:
    with pods.gate.isolate("pod4"):
        with pods.gate.holding("comment", to="pod3") as hold:
            pods.send(COMMENT, to="pod3")
            cut = pods.gate.cut("pod1", "pod3", one_way=True)
            hold.release()
        cut.heal()
    assert (pods.verdicts(), pods.inbox["pod3"]) == (["parked", "failed"], [])


def test_an_isolated_pod_can_neither_send_nor_be_reached(pods: Pods) -> None:
    with pods.gate.isolate("pod4"):
        for sender, to in (("pod1", "pod4"), ("pod4", "pod1")):
            with pytest.raises(ConnectionError, match=f"{sender} is cut off from {to}"):
                pods.send(COMMENT, sender=sender, to=to)  # type: ignore[arg-type]  # names, paired
        pods.send(COMMENT, to="pod2")
    pods.send(COMMENT)
    assert pods.verdicts() == ["failed", "failed", "passed", "passed"]


def test_a_one_way_cut_lets_the_other_direction_pass(pods: Pods) -> None:
    with pods.gate.cut("pod1", "pod4", one_way=True):
        assert pods.send(COMMENT, sender="pod4", to="pod1")[0] == 202
        with pytest.raises(ConnectionError):
            pods.send(COMMENT)
    with pods.gate.cut("pod1", "pod4"), pytest.raises(ConnectionError):
        pods.send(COMMENT, sender="pod4", to="pod1")


def test_overlapping_cuts_heal_each_for_itself(pods: Pods) -> None:
    with pods.gate.isolate("pod4"):
        with pods.gate.cut("pod1", "pod4"):
            pass
        with pytest.raises(ConnectionError):
            pods.send(COMMENT)
