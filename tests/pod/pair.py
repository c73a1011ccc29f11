"""Some real pods in one process, joined by function calls instead of a network.

    with joined(tmp_path, "pod1", "pod2") as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        carol.share(bob)
        pods.settle()

Every pod has its own SQLite file and a frozen clock. What pods send each other is kept in
`exchanges`; a host in `away` cannot be reached.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pod.app import Core, create_core

CONTROL_TOKEN = "control"  # noqa: S105 - of a pod that lives for one test
PASSWORD = "bluepin7"  # noqa: S105 - of an account that lives for one test
START = "2026-01-01T12:00:00Z"

_KEYS = Path(__file__).parents[2] / "fixtures" / "keys"

Answer = tuple[int, list[tuple[str, str]], bytes]


class Declined(AssertionError):
    """A pod answered a request with an error."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status
        self.text = text


@dataclass(frozen=True)
class Exchange:
    """One request from pod to pod, and the status of the answer."""

    sender: str
    method: str
    url: str
    status: int
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class User:
    """Somebody with a session."""

    core: Core = field(repr=False)
    diaspora_id: str
    guid: str
    token: str = field(repr=False)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 - JSON
        """Ask the user API; the JSON of the answer, or None if there is none."""
        names = {"Authorization": f"Bearer {self.token}", **headers}
        return call(self.core, method, path, body, names)

    def act(self, seed: str, at: str = START) -> dict[str, str]:
        """Headers that fix the GUIDs and the time of a call: `call(…, **user.act("x"))`."""
        return {"Seedbed-Act": seed, "Seedbed-At": at}

    def share(self, other: "User | str", aspect: str = "friends") -> None:
        """Share with somebody, in an aspect that is made if need be."""
        if aspect not in [each["name"] for each in self.call("GET", "/api/aspects")]:
            self.call("POST", "/api/aspects", {"name": aspect})
        self.call("PUT", f"/api/contacts/{id_of(other)}", {"aspects": [aspect]})

    def find(self, what: str) -> Any:  # noqa: ANN401 - JSON
        """Search."""
        return self.call("GET", f"/api/search?q={quote(what, safe='')}")


class Pods:
    """The pods that are joined."""

    def __init__(self) -> None:
        self.cores: dict[str, Core] = {}
        self.away: set[str] = set()
        self.exchanges: list[Exchange] = []
        self.silent: Callable[[Exchange], bool] = lambda _: False
        """Says of which exchanges the answer is lost after the other pod has worked."""

    def __getitem__(self, name: str) -> Core:
        return self.cores[host_of(name)]

    def sign_up(self, username: str, pod: str, **more: str) -> User:
        """Make an account."""
        body = {"username": username, "email": f"{username}@mail.test", "password": PASSWORD}
        made = call(self[pod], "POST", "/api/accounts", {**body, **more})
        return User(self[pod], made["diaspora_id"], made["guid"], made["token"])

    def log_in(self, username: str, pod: str) -> User:
        """Log in to an account that exists."""
        token = call(
            self[pod], "POST", "/api/sessions", {"username": username, "password": PASSWORD}
        )["token"]
        me = call(self[pod], "GET", "/api/me", None, {"Authorization": f"Bearer {token}"})
        return User(self[pod], me["diaspora_id"], me["guid"], token)

    def settle(self, limit: int = 5000) -> None:
        """Step the pods, the first that has something to do, until nothing moves any more."""
        for _ in range(limit):
            if not any(core.step() for core in self.cores.values()):
                return
        raise AssertionError(f"the pods did not come to rest in {limit} steps")

    def pass_time(self, time: timedelta) -> None:
        """Set all clocks forward and let happen what is due by then."""
        for core in self.cores.values():
            core.context.clock.set(core.context.clock.now() + time)
        self.settle()

    def state(self, pod: str, *types: str) -> dict[tuple[str, str], Any]:
        """The pod's neutral rows by (type, key), all or those of some types."""
        headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
        rows = call(self[pod], "GET", "/control/state", None, headers)["rows"]
        return {(kind, key): value for kind, key, value in rows if not types or kind in types}

    def sender_of(self, host: str) -> Callable[[str, str, list[tuple[str, str]], bytes], Answer]:
        """How the pod of that host sends requests."""

        def send(method: str, url: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
            parts = urlsplit(url)
            core = self.cores.get(parts.hostname or "")
            if core is None or {parts.hostname, host} & self.away:
                raise ConnectionError(f"{parts.hostname} is unreachable")
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = core.handle(method, target, headers, body)
            exchange = Exchange(host, method, url, answer[0], body)
            self.exchanges.append(exchange)
            if self.silent(exchange):
                raise TimeoutError(f"{parts.hostname} did not answer")
            return answer

        return send


@contextmanager
def joined(folder: Path, *names: str, **settings: str) -> Iterator[Pods]:
    """Join pods of these names (`pod1` is `pod1.test`; default: pod1 and pod2) by their sending.

    `settings` are for all of them: `POD_WIRE_PROFILE="account_migration"`.
    """
    pods = Pods()
    for name in names or ("pod1", "pod2"):
        host = host_of(name)
        pods.cores[host] = create_core(
            {**_settings(folder, name), **settings}, send=pods.sender_of(host)
        )
    try:
        yield pods
    finally:
        for core in pods.cores.values():
            core.close()


def _settings(folder: Path, name: str) -> Mapping[str, str]:
    pool = _KEYS / f"{name}.pem"
    return {
        "POD_HOST": host_of(name),
        "POD_DATABASE_URL": f"sqlite:///{folder / name}.sqlite3",
        "POD_TEST_MODE": "true",
        "POD_CLOCK": START,
        "POD_CONTROL_TOKEN": CONTROL_TOKEN,
        **({"POD_KEY_POOL": str(pool)} if pool.exists() else {"POD_KEY_BITS": "1024"}),
    }


def host_of(name: str) -> str:
    """`pod1` is short for `pod1.test`."""
    return name if "." in name else f"{name}.test"


def id_of(who: User | str) -> str:
    """The diaspora ID of somebody."""
    return who.diaspora_id if isinstance(who, User) else who


def call(
    core: Core,
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401 - JSON
    """Send a request to a pod; bytes go as they are, everything else as JSON.

    Raises:
        Declined: If the answer is an error.
    """
    content = (
        body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    )
    status, _, answer = core.handle(method, path, list((headers or {}).items()), content)
    if status >= 400:
        raise Declined(status, answer.decode())
    return json.loads(answer) if answer.startswith((b"{", b"[")) else answer or None
