"""One message makes a pod ask for many things, for ever, or in circles: it asks a few times.

Clauses: DEC-2.13; protocol 9 row 20
"""

from datetime import timedelta

from harness import NEVER, Account, Answer, Federation, Fixtures, Gate, Peer, PeerPerson
from scenarios.attacks import CANARY, harmless, in_vain, met, post, refused

MANY = 40


def ignored(federation: Federation) -> list[str]:
    """What pod1 says that it was too much for it."""
    return [each["reason"] for each in federation["pod1"].log_lines("ignored")]


def until_given_up(federation: Federation) -> None:
    """Let so many days pass that everything was tried for the last time."""
    for _ in range(12):
        federation.settle()
        federation.clock.advance(timedelta(days=1))


def test_of_many_mentions_few_are_looked_up(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13, DEC-2.20; protocol 9 row 20."""
    victim = federation.peer("mallory.test")
    paths = [f"/.well-known/webfinger?resource=acct:v{n}@mallory.test" for n in range(MANY)]
    asked = [victim.serve(path, Answer(status=404), optional=True) for path in paths]
    guid = peer.new_guid()
    crowd = " ".join(f"@{{Somebody; v{n}@mallory.test}}" for n in range(MANY))
    with harmless(federation, eve, but={"pod1": {"post": {guid}}}):
        eve.send(post(eve, guid=guid, text=crowd), "pod1")
    assert federation.settle()["pod1"].rows("post")[guid]["text"] == crowd
    assert [each.times for each in asked] == [1] * 10 + [0] * (MANY - 10)
    assert ignored(federation) == ["40 mentions, only 10 are looked up"]
    assert in_vain(federation) == [
        f"v{n}@mallory.test: https://mallory.test{path} answers 404"
        for n, path in enumerate(paths[:10])
    ]


def test_of_many_links_few_are_followed(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13; protocol 9 row 20."""
    victim, mine = federation.peer("mallory.test"), peer.new_guid()
    guids = [victim.new_guid() for _ in range(MANY)]
    asked = [
        victim.serve(f"/fetch/post/{guid}", Answer(status=404), optional=True) for guid in guids
    ]
    links = " ".join(f"diaspora://v@mallory.test/post/{guid}" for guid in guids)
    with harmless(federation, eve, but={"pod1": {"post": {mine}}}):
        eve.send(post(eve, guid=mine, text=links), "pod1")
    assert [each.times for each in asked] == [1] * 10 + [0] * (MANY - 10)
    assert ignored(federation) == ["40 links, only 10 are looked up"]
    assert in_vain(federation) == [
        f"https://mallory.test/fetch/post/{guid} answers 404: no post {guid} there"
        for guid in guids[:10]
    ]


def test_posts_that_hang_on_each_other_are_followed_a_few_steps(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13; protocol 9 row 20."""
    guids = [peer.new_guid() for _ in range(MANY)]
    texts = [
        post(eve, guid=guid, text=f"diaspora://{eve}/post/{following}")
        for guid, following in zip(guids, (*guids[1:], guids[0]), strict=True)
    ]
    asked = [
        peer.serve(f"/fetch/post/{guid}", Answer(body=eve.seal(text)), optional=True)
        for guid, text in zip(guids, texts, strict=True)
    ]
    with harmless(federation, eve, but={"pod1": {"post": set(guids[:6])}}):
        eve.send(texts[0], "pod1")
    assert [each.times for each in asked] == [0] + [1] * 5 + [0] * (MANY - 6)
    assert in_vain(federation) == [f"post {guids[6]} is being fetched already, or 5 others for it"]


def test_links_to_texts_full_of_links_and_names_are_paid_by_the_first_message(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13; protocol 9 row 20."""
    victim = federation.peer("mallory.test")
    guids = [peer.new_guid() for _ in range(MANY)]
    names = [f"v{n}@mallory.test" for n in range(MANY * 10)]
    looked_up = [
        victim.serve(path, Answer(status=404), optional=True)
        for path in (f"/.well-known/webfinger?resource=acct:{name}" for name in names)
    ]
    texts = []
    for n, guid in enumerate(guids):
        # Each of the forty has ten names of its own, and leads to the four after it in a tree.
        links = [f"diaspora://{eve}/post/{each}" for each in guids[4 * n + 1 : 4 * n + 5]]
        mentions = [f"@{{Somebody; {each}}}" for each in names[10 * n : 10 * n + 10]]
        texts.append(post(eve, guid=guid, text=" ".join(links + mentions)))
    fetched = [
        peer.serve(f"/fetch/post/{guid}", Answer(body=eve.seal(text)), optional=True)
        for guid, text in zip(guids, texts, strict=True)
    ]
    # Its own four come first; what is left goes to what they lead to.
    times = [0, *[1] * 8, *[0] * 12, 1, 1, *[0] * 17]
    found = {guid for guid, asked in zip(guids, times, strict=True) if asked}
    with harmless(federation, eve, but={"pod1": {"post": {guids[0], *found}}}):
        eve.send(texts[0], "pod1")
    assert sum(each.times for each in looked_up) == 10
    assert [each.times for each in fetched] == times
    assert {"10 mentions, only 0 are looked up"} <= set(ignored(federation))


def test_who_was_just_not_found_is_not_looked_up_for_each_message(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13, DEC-2.20; protocol 9 row 20."""
    victim = federation.peer("mallory.test")
    asked = victim.serve("/.well-known/webfinger?resource=acct:v@mallory.test", Answer(status=404))
    said = {peer.new_guid() for _ in range(5)}
    with harmless(federation, eve, but={"pod1": {"post": said}}):
        for guid in said:
            eve.send(post(eve, guid=guid, text="@{Somebody; v@mallory.test}"), "pod1")
    assert asked.times == 1
    finger = "https://mallory.test/.well-known/webfinger?resource=acct:v@mallory.test"
    assert in_vain(federation) == [f"v@mallory.test: {finger} answers 404"]

    federation.clock.advance(timedelta(minutes=5))
    vera, guid = victim.person("v"), peer.new_guid()
    eve.send(post(eve, guid=guid, text=f"@{{Vera; {vera}}}"), "pod1")
    assert f"{guid}→{vera}" in federation.settle()["pod1"].rows("mention")


def test_reshares_of_each_other_lead_nowhere(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13; protocol 9 row 20."""
    one, two = peer.new_guid(), peer.new_guid()
    first, second = (
        eve.entity("reshare", guid=mine, root_author=str(eve), root_guid=other)
        for mine, other in ((one, two), (two, one))
    )
    asked = [
        peer.serve(f"/fetch/post/{one}", Answer(body=eve.seal(first))),
        peer.serve(f"/fetch/post/{two}", Answer(body=eve.seal(second))),
    ]
    with harmless(federation, eve):
        eve.send(first, "pod1")
        until_given_up(federation)
    # It was tried ten times, and each time each of them was asked for once.
    assert [each.times for each in asked] == [10, 10]
    (given_up,) = federation["pod1"].log_lines("dropped")
    missing = f"post {two} is not known here; to be fetched from peer.test"
    circle = f"post {two} is being fetched already, or 5 others for it"
    assert (given_up["attempt"], given_up["reason"]) == ("10", f"Later: {missing}: {circle}")


def test_a_fetch_that_brings_something_else_brings_nothing(
    federation: Federation, peer: Peer, eve: PeerPerson, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.14; protocol 9 row 16."""
    asked, other = peer.new_guid(), peer.new_guid()
    parent = fixtures.posts["bob_public"].guid
    answers = {
        "another": Answer(body=eve.seal(post(eve, guid=other))),
        "a deletion": Answer(body=eve.seal(eve.entity("account_deletion"))),
        "a profile": Answer(body=eve.seal(eve.entity("profile", first_name="X", public=True))),
        "a comment": Answer(
            body=eve.seal(eve.signed("comment", guid=asked, parent_guid=parent, text=CANARY))
        ),
        "limited": Answer(body=eve.seal(post(eve, guid=asked, public=False))),
        "a page": Answer(body=b"<html/>"),
        "no HTTP": Answer(raw=b"\x00"),
        "nothing": NEVER,
    }
    fetched = peer.serve(f"/fetch/post/{asked}", *answers.values())
    said = [peer.new_guid() for _ in answers]
    with harmless(federation, eve, but={"pod1": {"post": set(said)}}):
        for guid in said:
            eve.send(post(eve, guid=guid, text=f"diaspora://{eve}/post/{asked}"), "pod1")
            federation.settle()  # or two that need the same at once would fetch it once
    assert fetched.times == len(answers)
    url, something_else = f"https://peer.test/fetch/post/{asked}", "answered with something else"
    reasons = dict(zip(answers, in_vain(federation), strict=True))
    # How a connection has failed is told in the words of whoever carries it.
    assert [url in reasons.pop(name) for name in ("no HTTP", "nothing")] == [True, True]
    assert reasons == dict.fromkeys(
        reasons, f"https://peer.test/ {something_else} than post {asked}"
    ) | {
        "limited": f"limited StatusMessage {asked} came publicly",
        "a page": f"post {asked} from peer.test: envelope: the root is 'html', expected me:env",
    }


def test_who_has_no_usable_key_is_given_up(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.13, GEN-06; protocol 9 row 20."""
    ann = peer.person("ann")
    card = peer.serve(ann.hcard_path, Answer(body=ann.hcard(key="none")))
    contact = ann.entity("contact", recipient=str(carol), following=True, sharing=True)
    with harmless(federation, eve):
        ann.send(post(ann), "pod1")
        ann.send(contact, carol)
        until_given_up(federation)
    # Each message was tried ten times, and then no more.
    assert card.times == 20
    given_up = federation["pod1"].log_lines("dropped")
    unusable = "hCard: .key: public key: not a PEM text of one public key"
    reason = f"Later: {ann}: https://peer.test{ann.hcard_path} cannot be read: {unusable}"
    assert [(each["attempt"], each["reason"]) for each in given_up] == [("10", reason)] * 2


def test_the_old_address_answers_only_who_is_who_he_says_and_not_too_often(
    federation: Federation, gate: Gate, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-4.11, OLD-4.11, SEC-13."""
    victim, thief = federation.peer("mallory.test"), peer.nobody("thief")
    vera, said = victim.person("vera"), []
    peer.look_up(carol)
    federation["pod2"].import_archive(carol.export_archive(), "christy")
    federation.settle()

    # vera has not sent this: her pod is not bothered with an answer.
    with harmless(federation, eve, but=met(vera)):
        for n in range(3):
            said.append(post(vera, public=False, text=f"{CANARY} {n}"))
            assert peer.bring(eve.seal_as(vera, said[-1]), carol) == 202
            assert peer.bring(thief.seal_as(eve, said[-1]), carol) == 202
        federation.settle()
        assert gate.wiretap.messages(to="mallory") == ()
    forged = "BadSignature: envelope of {}: wrong signature"
    assert refused(federation) == [forged.format(vera), forged.format(eve)] * 3

    # She has sent this, several times, and is answered once.
    victim.accept("account migration")
    with harmless(federation, eve):
        for text in said:
            assert peer.bring(vera.seal(text), carol) == 202
    assert [each.message.author for each in victim.received()] == [str(carol)]
