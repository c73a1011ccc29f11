"""Four pods in one process, joined by a gate, and what they write to each other."""

from harness.facts.identity import POD_HOSTS, PodName
from harness.gate import Gate, KeyRing, Wiretap
from harness.gate.http import Request
from harness.gate.inline import Answer, HeaderList, InlineGate
from tests.harness.gate.letters import account_rename, comment, pems, person, publicly

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
