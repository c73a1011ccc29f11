"""eve lures a pod to addresses that are no pod's: its own network, itself, other ports, plain http.

By names, links, redirects: nothing is ever asked of such an address.

Clauses: DEC-2.12; protocol 9 rows 18, 19
"""

import re

import pytest

from harness import Account, Answer, Federation, Gate, Peer, PeerPerson
from scenarios.attacks import brought, harmless, in_vain, met, post, seek

PATH = "/latest/meta-data/"
PLACES = {
    "loopback": f"https://127.0.0.1{PATH}",
    "loopback in short": f"https://127.1{PATH}",
    "loopback as a number": f"https://2130706433{PATH}",
    "loopback in hex": f"https://0x7f000001{PATH}",
    "loopback in octal": f"https://0177.0.0.1{PATH}",
    "loopback, IPv6": f"https://[::1]{PATH}",
    "loopback, mapped": f"https://[::ffff:127.0.0.1]{PATH}",
    "nowhere": f"https://0.0.0.0{PATH}",
    "link-local": f"https://169.254.169.254{PATH}",
    "private": f"https://10.0.0.1{PATH}",
    "private, IPv6": f"https://[fc00::1]{PATH}",
    "localhost": f"https://localhost{PATH}",
    "a name below localhost": f"https://pod.localhost{PATH}",
    "a name without a dot": f"https://metadata{PATH}",
    "itself": "https://pod1.test/control/state",
    "itself, with a dot": "https://pod1.test./control/state",
    "itself, with a login": "https://peer.test@pod1.test/control/state",
    "another port": f"https://peer.test:8443{PATH}",
    "in the clear": f"http://peer.test{PATH}",
    "in the clear, by a port": f"http://peer.test:443{PATH}",
    "a file": "file:///etc/passwd",
    "gopher": "gopher://peer.test:25/_MAIL",
    "no address": "https://[",
}

UNSAFE = "is no address of another pod: expected https on a DNS name"
UNUSABLE = "cannot be read: WebFinger: no usable link http://"
NO_LINK = ("a file", "gopher", "no address")
BROKEN = {"no address": "redirects to 'https://['"}
OTHERWISE: dict[str, dict[str, str]] = {
    "hCard": dict.fromkeys(NO_LINK, f"{UNUSABLE}microformats.org/profile/hcard"),
    "home": dict.fromkeys(NO_LINK, f"{UNUSABLE}joindiaspora.com/seed_location"),
    "WebFinger": BROKEN
    | {
        name: f"its pod redirects to '{PLACES[name]}', which is no https"
        for name in ("in the clear", "in the clear, by a port", "a file", "gopher")
    },
}
"""What is said where it is not that the address is no pod's."""

ASKED = re.compile(r"^(ann@peer.test: )?(https://\S+ )?")
NO_URL = "Invalid URL in location header"


def told(place: str, reason: str) -> str:
    """What the log says, but for who was asked; a real client takes some addresses for none."""
    return f"'{place}' {UNSAFE}" if NO_URL in reason else ASKED.sub("", reason)


def asked_elsewhere(gate: Gate) -> list[str]:
    """What pod1 has asked of anybody but the peers, or of other ports than theirs."""
    asked = [each for each in gate.wiretap.exchanges() if each.sender == "pod1"]
    return [f"{each.host}{each.path}" for each in asked if each.recipient != "peer"]


@pytest.mark.parametrize("way", ["hCard", "home", "WebFinger", "redirected hCard", "fetch"])
def test_no_address_that_is_no_pods_is_ever_asked(
    federation: Federation, gate: Gate, peer: Peer, eve: PeerPerson, carol: Account, way: str
) -> None:
    """Clauses: DEC-2.12; protocol 9 row 18, row 19."""
    ann, guid = peer.person("ann"), peer.new_guid()
    link = f"diaspora://{eve}/post/{guid}"
    found = {}
    with harmless(federation, eve):
        for name, place in PLACES.items():
            if way == "hCard":
                peer.serve(ann.webfinger_path, Answer(body=ann.webfinger(hcard=place)))
            if way == "home":
                peer.serve(ann.webfinger_path, Answer(body=ann.webfinger(seed=place)))
            if way == "WebFinger":
                peer.serve(ann.webfinger_path, Answer.redirect(place))
            if way == "redirected hCard":
                peer.serve(ann.hcard_path, Answer.redirect(place))
            if way == "fetch":
                peer.serve(f"/fetch/post/{guid}", Answer.redirect(place))
            found[name] = seek(carol, link if way == "fetch" else str(ann))
        assert (asked_elsewhere(gate), found) == ([], dict.fromkeys(PLACES, False))
    reasons = dict(zip(PLACES, in_vain(federation), strict=True))
    assert {name: told(PLACES[name], reason) for name, reason in reasons.items()} == (
        {name: f"'{place}' {UNSAFE}" for name, place in PLACES.items()} | OTHERWISE.get(way, BROKEN)
    )


def test_no_name_leads_to_an_address_that_is_no_pods(
    federation: Federation, gate: Gate, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.12; protocol 9 row 18."""
    hosts = (
        *("127.0.0.1", "localhost", "localhost:443", "169.254.169.254", "10.0.0.1:8080", "[::1]"),
        *("0x7f000001", "2130706433", "metadata", "pod.localhost", "pod1.test", "pod1.test:443"),
    )
    impossible = ("peer.test:0", "peer.test:99999", "[1.2.3.4]", "[:::]", "[::1]:65536")
    names = [f"ann@{host}" for host in (*hosts, *impossible)]
    links = [f"diaspora://{name}/post/{peer.new_guid()}" for name in names]
    posts = [f"https://{host}/posts/{peer.new_guid()}" for host in (*hosts, *impossible)]
    mine = peer.new_guid()
    with harmless(federation, eve, but={"pod1": {"post": {mine}}}):
        assert [seek(carol, what) for what in (*names, *links, *posts)] == [False] * 51
        # Nobody signs in the name of such a place, as no key can be had from there.
        answers = brought(federation, peer, {n: eve.seal_as(n, post(eve)) for n in names}, "pod1")
        mentions = " ".join(f"@{{Ann; {name}}}" for name in names)
        eve.send(post(eve, guid=mine, text=f"{mentions} {' '.join(links)}"), "pod1")
    assert asked_elsewhere(gate) == []
    here = "ann@pod1.test has no account on this pod"
    assert {reason.rpartition("' ")[2] for reason in in_vain(federation)} == {UNSAFE, here}
    finger = "NotFound: {}: 'https://{}/.well-known/webfinger?resource=acct:{}' " + UNSAFE
    no_id = "InvalidEnvelope: envelope: key_id is no diaspora ID"
    assert answers == (
        {f"ann@{host}": finger.format(f"ann@{host}", host, f"ann@{host}") for host in hosts}
        | {f"ann@{host}": no_id for host in impossible}
        | {"ann@pod1.test": f"NotFound: {here}"}
    )


def test_redirects_end_after_the_fourth_and_never_lead_to_somebody_else(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.12, OLD-4.5, SEC-10; protocol 9 row 19, row 17."""
    ann = peer.person("ann")
    steps = [
        peer.serve(f"/hop/{n}", Answer.redirect(f"/hop/{n + 1}"), optional=True)
        for n in range(1, 10)
    ]
    with harmless(federation, eve):
        peer.serve(ann.webfinger_path, Answer.redirect("https://peer.test/hop/1"))
        assert not seek(carol, str(ann))
        assert [step.times for step in steps] == [1, 1, 1, 1, 0, 0, 0, 0, 0]

        peer.serve(ann.webfinger_path, Answer(body=ann.webfinger()))
        peer.serve(ann.hcard_path, Answer.redirect("/hop/1"))
        assert not seek(carol, str(ann))
        assert [step.times for step in steps] == [2, 2, 2, 2, 0, 0, 0, 0, 0]

        # In a circle, or to the documents of somebody else.
        for target in (ann.webfinger_path, eve.webfinger_path):
            peer.serve(ann.webfinger_path, Answer.redirect(target))
            peer.serve(f"/fetch/account_rename/{ann}", Answer(status=404), optional=True)
            assert not seek(carol, str(ann))
    assert peer.undeclared == ()
    too_often = f"{ann}: its pod redirects more than 4 times"
    unproved = f"https://peer.test/fetch/account_rename/{ann} answers 404"
    assert in_vain(federation) == [
        too_often,
        f"{ann}: https://peer.test/hop/4 answers 302",
        too_often,
        f"{ann} is said to be {eve} now, but nobody proves it: {unproved}; {unproved}",
    ]


def test_a_redirect_within_the_rules_is_followed(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.12; protocol 9 row 19."""
    ann, mallory = peer.person("ann"), federation.peer("mallory.test")
    peer.serve(ann.webfinger_path, Answer.redirect("https://mallory.test/1", 301))
    mallory.serve("/1", Answer.redirect("/2", 307))
    mallory.serve("/2", Answer(body=ann.webfinger()))
    with harmless(federation, eve, but=met(ann)):
        assert carol.look_up(str(ann)) == ann.diaspora_id
    assert federation.settle()["pod1"].rows("person")[str(ann)]["pod"] == "peer.test"
    assert in_vain(federation) == []


def test_what_is_brought_is_never_brought_elsewhere(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.12; protocol 9 row 19."""
    mallory = federation.peer("mallory.test")
    moved = Answer.redirect("https://mallory.test/receive/public", 308)
    peer.accept("contact", "profile", answers=(moved,))
    shared = {f"{carol}→{eve}"}
    with harmless(federation, eve, but={"pod1": {"contact": shared}}, waiting={"pod1": 2}):
        carol.share(eve.diaspora_id, aspect="friends")

    assert [each.message.entity for each in peer.received()] == ["contact", "profile"]
    assert mallory.undeclared == ()
    postponed = federation["pod1"].log_lines("postponed")
    assert [each["outcome"] for each in postponed] == ["answered 308"] * 2
