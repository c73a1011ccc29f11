"""The carrier for pods in one process, and with it everything that the gate decides."""

import pytest

from harness.errors import GateFailed
from harness.gate import Exchange, Gate, KeyRing, Wiretap
from harness.gate.http import Request
from harness.gate.rules import Rule
from tests.harness.gate.inline_pods import CAROL, COMMENT, DAVE, RENAME, STRANGER, Pods
from tests.harness.gate.letters import comment, privately, publicly, seal, wrap


@pytest.fixture
def pods() -> Pods:
    return Pods()


def test_without_a_fault_a_request_passes_as_it_is(pods: Pods) -> None:
    pods.fetchable = b"hello"
    send = pods.inline.carrier("pod1")
    answer = send("GET", "https://pod2.test/a%20b?c=d", {"X-Zulu": "1", "Host": "pod2.test"}, b"")
    headers = [("X-Zulu", "1"), ("Host", "pod2.test")]
    assert answer == (200, [], b"hello")
    assert pods.asked == [("pod2", "GET", "/a%20b?c=d", headers)]


def test_a_request_without_a_host_header_is_given_one(pods: Pods) -> None:
    pods.inline.carrier("pod1")("GET", "https://pod2.test", [], b"")
    assert pods.asked == [("pod2", "GET", "/", [("Host", "pod2.test")])]


def test_a_lost_message_is_acknowledged_and_only_the_one_named_is_lost(pods: Pods) -> None:
    with pods.gate.losing("account_rename", to="pod4"):
        lost = pods.send(RENAME)[0]
        pods.send(COMMENT)
        pods.send(RENAME, to="pod3")
    pods.send(RENAME)
    assert lost == 202
    assert pods.inbox["pod4"] == [COMMENT.body, RENAME.body]
    assert pods.inbox["pod3"] == [RENAME.body]
    assert pods.verdicts() == ["lost", "passed", "passed", "passed"]


def test_a_refused_message_passes_when_it_is_sent_again_later(pods: Pods) -> None:
    with pods.gate.refusing("account_rename", nth=1):
        statuses = [pods.send(RENAME)[0] for _ in range(2)]
    assert (statuses, pods.inbox["pod4"]) == ([503, 202], [RENAME.body])
    assert pods.verdicts("account_rename") == ["refused", "passed"]


def test_a_fault_can_be_for_one_sender_and_several_entities(pods: Pods) -> None:
    with pods.gate.losing(["comment", "like"], sender="pod3"):
        pods.send(COMMENT, sender="pod3")
        pods.send(COMMENT, sender="pod1")
        pods.send(RENAME, sender="pod3")
    assert pods.inbox["pod4"] == [COMMENT.body, RENAME.body]


def test_a_fault_for_every_delivery_leaves_questions_alone(pods: Pods) -> None:
    with pods.gate.losing():
        pods.send(RENAME)
        pods.send(Request("GET", "/nodeinfo/2.1"))
    assert (pods.inbox["pod4"], len(pods.asked)) == ([], 1)


def test_a_fault_acts_without_a_with_block_until_it_is_ended(pods: Pods) -> None:
    fault = pods.gate.losing("comment")
    pods.send(COMMENT)
    fault.end()
    fault.end()
    pods.send(COMMENT)
    assert pods.verdicts() == ["lost", "passed"]


def test_a_pass_rule_makes_an_exception_from_an_older_rule(pods: Pods) -> None:
    with pods.gate.losing(), pods.gate.impose(Rule("pass", frozenset({"comment"}))):
        pods.send(COMMENT)
        pods.send(RENAME)
    assert pods.verdicts() == ["passed", "lost"]


def test_a_hold_is_not_imposed_as_a_plain_rule(pods: Pods) -> None:
    with pytest.raises(GateFailed, match=r"Use Gate\.holding"):
        pods.gate.impose(Rule("hold"))


def test_the_gate_remembers_what_was_imposed_and_met_nothing(pods: Pods) -> None:
    with pods.gate.losing("account migration", to="pod4"), pods.gate.refusing("comment", nth=2):
        pods.send(RENAME)
        pods.send(COMMENT)
    with pods.gate.holding(sender="pod2"), pods.gate.garbling("pod3", b"?"):
        pods.send(COMMENT, sender="pod3")
    with pods.gate.cut("pod2", "pod4", one_way=True), pods.gate.losing("like"):
        pass
    late = publicly(b"<like><guid>1</guid></like>", CAROL)
    pods.send(late)
    assert late.body in pods.inbox["pod4"]
    assert pods.gate.imposed.unmet() == (
        "refuse comment (number 2)",
        "hold everything from pod2",
        "garbage in place of what pod3 answers",
        "a cut of 1 links between pod2, pod4",
        "lose like",
    )
    pods.gate.reset()
    assert pods.gate.imposed.unmet() == ()


def test_a_cut_that_stopped_something_has_met_it(pods: Pods) -> None:
    with pods.gate.isolate("pod4"), pytest.raises(ConnectionError):
        pods.send(COMMENT)
    assert pods.gate.imposed.unmet() == ()


@pytest.mark.parametrize(
    "url", ["https://pod9.test/", "http://pod2.test/", "https://pod2.test:8443/", "nonsense"]
)
def test_an_address_that_is_no_pods_fails_and_is_recorded(pods: Pods, url: str) -> None:
    with pytest.raises(ConnectionError, match="no pod is called"):
        pods.inline.carrier("pod1")("GET", url, [], b"")
    assert [each.recipient for each in pods.gate.wiretap.exchanges()] == [None]


def test_a_pod_that_does_not_run_cannot_be_reached(pods: Pods) -> None:
    pods.inline.unregister("pod4")
    with pytest.raises(ConnectionError, match="pod4 is unreachable"):
        pods.send(COMMENT)
    pods.start("pod4")
    assert pods.send(COMMENT)[0] == 202


def test_a_private_message_meets_the_rule_that_names_its_entity(pods: Pods) -> None:
    with pods.gate.losing("comment"):
        pods.send(privately(comment(CAROL), CAROL, DAVE))
    assert (pods.verdicts("comment"), pods.inbox["pod4"]) == (["lost"], [])


def test_an_opaque_message_passes_and_is_recorded_as_unknown(pods: Pods) -> None:
    secret = privately(comment(CAROL), CAROL, STRANGER)
    with pods.gate.losing("comment", to="pod3"):
        pods.send(secret, to="pod3")
    pods.send(secret, to="pod3")
    (during, after) = pods.gate.wiretap.messages(to="pod3")
    assert (during.verdict, during.is_opaque, during.entity) == ("unknown", True, None)
    assert (after.verdict, after.is_opaque) == ("passed", True)
    assert pods.inbox["pod3"] == [secret.body, secret.body]


def test_rules_that_name_no_entity_do_not_mind_opaque_messages(pods: Pods) -> None:
    with pods.gate.losing(to="pod3"):
        pods.send(Request("POST", "/receive/public", (), b"rubbish"), to="pod3")
    assert pods.verdicts() == ["lost"]


def test_an_hcard_seen_in_passing_spares_the_question(pods: Pods) -> None:
    pods.send(Request("GET", f"/hcard/users/{DAVE.guid}"))
    pods.send(privately(comment(CAROL), CAROL, DAVE))
    assert (pods.verdicts("comment"), len(pods.asked)) == (["passed"], 1)


def test_the_gates_own_question_is_no_traffic_between_pods(pods: Pods) -> None:
    pods.send(privately(comment(CAROL), CAROL, DAVE))
    assert [target for _, _, target, _ in pods.asked] == [f"/hcard/users/{DAVE.guid}"]
    assert [each.route for each in pods.gate.wiretap.exchanges()] == ["private"]


def test_what_a_fetch_brought_is_recorded(pods: Pods) -> None:
    pods.fetchable = seal(comment(CAROL), CAROL)
    pods.send(Request("GET", "/fetch/comment/abc"), sender="pod4", to="pod1")
    (fetch,) = pods.gate.wiretap.exchanges(route="fetch")
    assert (fetch.sender, fetch.entity, fetch.author) == ("pod4", "comment", "carol@pod1.test")
    assert pods.gate.wiretap.messages() == ()


def test_a_reset_ends_faults_and_drops_what_is_parked(pods: Pods) -> None:
    pods.send(privately(comment(CAROL), CAROL, DAVE))
    with pods.gate.isolate("pod2"), pods.gate.refusing("like"), pods.gate.holding("comment"):
        pods.send(COMMENT)
        pods.gate.reset()
        assert pods.gate.parked == 0
        pods.send(COMMENT, to="pod2")
    pods.send(privately(comment(CAROL), CAROL, DAVE))
    assert pods.verdicts() == ["passed", "parked", "passed", "passed"]
    assert len(pods.asked) == 2  # the key was forgotten


def test_a_gate_without_a_carrier_says_so() -> None:
    gate = Gate({"pod2.test": "pod2"}, Wiretap(), KeyRing())
    with pytest.raises(GateFailed, match="Attach one before traffic begins"):
        gate.carry("pod1", "pod2.test", COMMENT)


def test_the_same_calls_give_the_same_records() -> None:
    def run() -> list[tuple[object, ...]]:
        pods = Pods()
        with pods.gate.holding("comment"):
            pods.send(COMMENT)
            pods.send(Request("POST", f"/receive/users/{DAVE.guid}", (), wrap(b"x", DAVE)))
        return [fate(each) for each in pods.gate.wiretap.exchanges()]

    def fate(each: Exchange) -> tuple[object, ...]:
        return each.seq, each.entity, each.verdict, each.status, each.response_bytes

    assert run() == run() == [
        (1, "comment", "parked", 202, 0),
        (2, None, "unknown", 202, 0),
        (3, "comment", "released", 202, 0),
    ]  # fmt: skip
