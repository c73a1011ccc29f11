"""eve lures a pod to addresses that are no pod's: its own network, itself, other ports, plain http.

By names, links, redirects: nothing is ever asked of such an address.

Clauses: DEC-2.12; protocol 9 rows 18, 19
"""

import pytest

from harness import Account, Answer, Federation, Gate, Peer, PeerPerson, Refused
from scenarios.attacks import harmless, post

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


def asked_elsewhere(gate: Gate) -> list[str]:
    """What pod1 has asked of anybody but the peers, or of other ports than theirs."""
    asked = [each for each in gate.wiretap.exchanges() if each.sender == "pod1"]
    return [f"{each.host}{each.path}" for each in asked if each.recipient != "peer"]


def seek(carol: Account, what: str) -> bool:
    """Whether a search finds anything."""
    try:
        return carol.look_up(what) is not None
    except Refused:
        return False


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


def test_no_name_leads_to_an_address_that_is_no_pods(
    federation: Federation, gate: Gate, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.12; protocol 9 row 18."""
    hosts = (
        *("127.0.0.1", "localhost", "localhost:443", "169.254.169.254", "10.0.0.1:8080", "[::1]"),
        *("0x7f000001", "2130706433", "metadata", "pod.localhost", "pod1.test", "pod1.test:443"),
        *("peer.test:0", "peer.test:99999", "[1.2.3.4]", "[:::]", "[::1]:65536"),
    )
    names = [f"ann@{host}" for host in hosts]
    links = [f"diaspora://{name}/post/{peer.new_guid()}" for name in names]
    posts = [f"https://{host}/posts/{peer.new_guid()}" for host in hosts]
    with harmless(federation, eve):
        assert [seek(carol, what) for what in (*names, *links, *posts)] == [False] * 51
        # Nobody signs in the name of such a place, as no key can be had from there.
        for name in names:
            assert peer.bring(eve.seal_as(name, post(eve)), "pod1") == 202

    mentions = " ".join(f"@{{Ann; {name}}}" for name in names)
    guid, text = peer.new_guid(), f"{mentions} {' '.join(links)}"
    eve.send(post(eve, guid=guid, text=text), "pod1")
    assert federation.settle()["pod1"].rows("post")[guid]["text"] == text
    assert asked_elsewhere(gate) == []


def test_redirects_end_after_the_fourth_and_never_lead_to_somebody_else(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.12, OLD-4.5; protocol 9 row 19, row 17."""
    ann = peer.person("ann")
    steps = [peer.serve(f"/hop/{n}", Answer.redirect(f"/hop/{n + 1}")) for n in range(1, 10)]
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
            peer.serve(f"/fetch/account_rename/{ann}", Answer(status=404))
            assert not seek(carol, str(ann))
    assert peer.undeclared == ()


def test_a_redirect_within_the_rules_is_followed(
    federation: Federation, peer: Peer, carol: Account
) -> None:
    """Clauses: DEC-2.12; protocol 9 row 19."""
    ann, mallory = peer.person("ann"), federation.peer("mallory.test")
    peer.serve(ann.webfinger_path, Answer.redirect("https://mallory.test/1", 301))
    mallory.serve("/1", Answer.redirect("/2", 307))
    mallory.serve("/2", Answer(body=ann.webfinger()))
    assert carol.look_up(str(ann)) == ann.diaspora_id
    assert federation.settle()["pod1"].rows("person")[str(ann)]["pod"] == "peer.test"


def test_what_is_brought_is_never_brought_elsewhere(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.12; protocol 9 row 19."""
    mallory = federation.peer("mallory.test")
    moved = Answer.redirect("https://mallory.test/receive/public", 308)
    peer.accept("contact", "profile", answers=(moved,))
    carol.share(eve.diaspora_id, aspect="friends")
    federation.settle()

    assert [each.message.entity for each in peer.received()] == ["contact", "profile"]
    assert (mallory.undeclared, federation.quiet and federation.quiet.sleeping) == ((), {"pod1": 2})
