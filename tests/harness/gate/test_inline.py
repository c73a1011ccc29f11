"""The carrier for pods in one process, and with it everything that the gate decides."""

import pytest

from harness.errors import GateFailed
from harness.facts.identity import POD_HOSTS, PodName
from harness.gate import Exchange, Gate, KeyRing, Wiretap
from harness.gate.http import Request
from harness.gate.inline import Answer, HeaderList, InlineGate
from harness.gate.rules import Rule
from tests.harness.gate.letters import (
    account_rename,
    comment,
    pems,
    person,
    privately,
    publicly,
    seal,
    wrap,
)

CAROL = person("carol", "pod1")
ALICE = person("alice", "pod2")
DAVE = person("dave", "pod4")
STRANGER = person("stranger", "pod3")  # whose key is not in the ring
RENAME = publicly(account_rename(CAROL, ALICE), CAROL)
COMMENT = publicly(comment(CAROL), CAROL)
PEOPLE = {each.guid: each for each in (CAROL, ALICE, DAVE, STRANGER)}


class Pods:
    """Four pods that keep what they are sent, joined by a gate."""

    def __init__(self) -> None:
        ring = KeyRing([*pems("pod1"), *pems("pod2"), *pems("pod4")])
        self.gate = Gate({host: pod for pod, host in POD_HOSTS.items()}, Wiretap(), ring)
        self.inline = InlineGate(self.gate)
        self.inbox: dict[PodName, list[bytes]] = {}
        self.asked: list[tuple[PodName, str, str, HeaderList]] = []
        self.fetchable = b""
        for pod in POD_HOSTS:
            self.start(pod)

    def start(self, pod: PodName) -> None:
        inbox = self.inbox.setdefault(pod, [])

        def handle(method: str, target: str, headers: HeaderList, body: bytes) -> Answer:
            if method == "GET":
                self.asked.append((pod, method, target, headers))
                return self.answer(target)
            inbox.append(body)
            return 202, [("X-Pod", pod)], b""

        self.inline.register(pod, handle)

    def answer(self, target: str) -> Answer:
        if target.startswith("/hcard/users/"):
            return 200, [], PEOPLE[target.rpartition("/")[2]].hcard
        return 200, [], self.fetchable

    def send(self, request: Request, sender: PodName = "pod1", to: PodName = "pod4") -> Answer:
        url = f"https://{POD_HOSTS[to]}{request.target}"
        return self.inline.carrier(sender)(request.method, url, request.headers, request.body)

    def verdicts(self, entity: str | None = None) -> list[str]:
        return [each.verdict for each in self.gate.wiretap.messages(entity=entity)]


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
