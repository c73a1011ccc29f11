"""Each pod is alone with the gate: nothing gets around it, in or out.

That a connection fails, or succeeds, proves nothing: some networks answer every one. So there
is somebody on the other side who says a word that nobody can guess, and the word must not arrive;
through the gate it must.

Clauses: DEC-8.6
"""

import json
from collections.abc import Iterable
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from harness import POD_NAMES, Beacon, CanRunInside, Federation, Pod, new_word

pytestmark = pytest.mark.needs.with_args(CanRunInside)

LISTEN = """
import concurrent.futures, json, socket, sys
def heard(place):
    try:
        with socket.create_connection(place, 1) as connection:
            return connection.recv(1000).decode(errors="replace")
    except OSError:
        return ""
places = json.loads(sys.argv[1])
with concurrent.futures.ThreadPoolExecutor(len(places)) as threads:
    print(*threads.map(heard, places))
"""

FETCH = """
import concurrent.futures, ssl, sys, urllib.request
trust = ssl.create_default_context(cafile="/data/ca.pem")
def found(url):
    try:
        with urllib.request.urlopen(url, timeout=1, context=trust) as answer:
            return answer.read().decode(errors="replace")
    except OSError:
        return ""
with concurrent.futures.ThreadPoolExecutor(len(sys.argv)) as threads:
    print(*threads.map(found, sys.argv[1:]))
"""

RESOLVE = """
import socket, sys, time
begun = time.monotonic()
for name in sys.argv[1:]:
    try:
        print(name, socket.gethostbyname(name))
    except OSError:
        print(name, "does not exist")
print("at once" if time.monotonic() - begun < 2 else "late")
"""


def test_no_pod_reaches_another_but_through_the_gate(federation: Federation) -> None:
    said = {pod.name: say_a_word(pod) for pod in federation}
    for pod in federation:
        others = [other for other in federation if other is not pod]
        around = fetched(pod, (f"http://{each.address}{said[each.name][1]}" for each in others))
        assert [each.name for each in others if said[each.name][0] in around] == []

        through = fetched(pod, (f"https://{each.host}{said[each.name][1]}" for each in others))
        assert [each.name for each in others if said[each.name][0] not in through] == []


def test_no_pod_reaches_this_machine_or_what_is_beyond(federation: Federation) -> None:
    with Beacon() as beacon:
        assert beacon.places
        targets = json.dumps(beacon.places)
        heard = {
            pod.name: beacon.word in pod.run("python3.11", "-c", LISTEN, targets)
            for pod in federation
        }
    assert heard == dict.fromkeys(POD_NAMES, False)


def test_this_machine_reaches_no_pod_but_through_the_gate(federation: Federation) -> None:
    for pod in federation:
        word, path = say_a_word(pod)
        assert word not in looked_up(f"http://{pod.address}{path}")
        assert word in pod.get(path).body.decode()


def test_every_name_is_the_gate_or_does_not_exist(federation: Federation) -> None:
    for pod in federation:
        names = ("pod1.test", "pod4.test", "pod5.test", "example.org")
        *found, when = pod.run("python3.11", "-c", RESOLVE, *names).splitlines()
        gate = found[0].split()[1]
        assert gate != pod.address.partition(":")[0]
        assert found == [
            f"pod1.test {gate}",
            f"pod4.test {gate}",
            "pod5.test does not exist",
            "example.org does not exist",
        ]
        assert when == "at once"


def say_a_word(pod: Pod) -> tuple[str, str]:
    """Let somebody of the pod show a word that nobody can guess; the word, and the page's path."""
    word = new_word()
    speaker = pod.sign_up(f"speaker{word[:8]}")
    speaker.edit_profile(first_name=word)
    return word, f"/people/{speaker.person(speaker)['guid']}"


def fetched(pod: Pod, urls: Iterable[str]) -> str:
    """What is found at these addresses from inside a pod."""
    return pod.run("python3.11", "-c", FETCH, *urls)


def looked_up(url: str) -> str:
    """What is found at an address from this machine."""
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 (http, as written above)
            return str(answer.read().decode(errors="replace"))
    except (URLError, OSError):
        return ""
