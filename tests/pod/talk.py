"""Friends on three pods, what they say, and what became of it."""

import base64
import re
from typing import Any

from tests.pod.pair import Exchange, Pods, User

PODS = ("pod1", "pod2", "pod3")


def make_friends(pods: Pods) -> dict[str, User]:
    """alice at pod1, whom bob at pod2 and carol at pod3 share with, and who shares with them."""
    people = {
        name: pods.sign_up(name, pod)
        for name, pod in zip(("alice", "bob", "carol"), PODS, strict=True)
    }
    for friend in ("bob", "carol"):
        people["alice"].share(people[friend])
        people[friend].share(people["alice"])
    pods.settle()
    return people


def post(author: User, text: str = "Hello.", **more: object) -> str:
    body = {"text": text, "public": True, **more}
    return str(author.call("POST", "/api/posts", body)["guid"])


def limited(author: User, text: str = "Just us.") -> str:
    return post(author, text, public=False, aspects=["friends"])


def comment(author: User, guid: str, text: str = "Hello yourself.") -> str:
    return str(author.call("POST", f"/api/posts/{guid}/comments", {"text": text})["guid"])


def held(pods: Pods, kind: str) -> dict[str, dict[str, Any]]:
    """Per pod: the rows of one type, by key."""
    return {pod: {key: value for (_, key), value in pods.state(pod, kind).items()} for pod in PODS}


def sent(pods: Pods, sender: str) -> list[str]:
    """Where a pod sent messages to: host and path without GUIDs."""
    return [
        re.sub(r"https://([^/]+)(/receive/[a-z]+).*", r"\1\2", each.url)
        for each in pods.exchanges
        if each.sender == f"{sender}.test" and each.method == "POST"
    ]


def payload(exchange: Exchange) -> str:
    """The entity in a public message."""
    data = re.search(rb"<me:data[^>]*>([^<]+)<", exchange.body)
    assert data is not None
    return base64.urlsafe_b64decode(data[1]).decode()


def sealed_by(exchange: Exchange) -> str:
    found = re.search(rb'key_id="([^"]+)"', exchange.body)
    assert found is not None
    return base64.urlsafe_b64decode(found[1]).decode()


def everywhere(value: object) -> dict[str, object]:
    return dict.fromkeys(PODS, value)
