"""One message makes a pod ask for many things, for ever, or in circles: it asks a few times.

Clauses: DEC-2.13; protocol 9 row 20
"""

from datetime import timedelta

from harness import NEVER, Account, Answer, Federation, Fixtures, Gate, Peer, PeerPerson
from scenarios.attacks import CANARY, post

MANY = 40
LATER = timedelta(days=1)


def test_of_many_mentions_few_are_looked_up(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13, DEC-2.20; protocol 9 row 20."""
    victim = federation.peer("mallory.test")
    asked = [
        victim.serve(f"/.well-known/webfinger?resource=acct:v{n}@mallory.test", Answer(status=404))
        for n in range(MANY)
    ]
    guid = peer.new_guid()
    crowd = " ".join(f"@{{Somebody; v{n}@mallory.test}}" for n in range(MANY))
    eve.send(post(eve, guid=guid, text=crowd), "pod1")
    known = federation.settle()["pod1"]
    assert known.rows("post")[guid]["text"] == crowd
    assert sum(each.times for each in asked) == 10
    assert [key for key in known.rows("mention") if key.startswith(guid)] == []


def test_of_many_links_few_are_followed(federation: Federation, eve: PeerPerson) -> None:
    """Clauses: DEC-2.13; protocol 9 row 20."""
    victim = federation.peer("mallory.test")
    guids = [victim.new_guid() for _ in range(MANY)]
    asked = [victim.serve(f"/fetch/post/{guid}", Answer(status=404)) for guid in guids]
    links = " ".join(f"diaspora://v@mallory.test/post/{guid}" for guid in guids)
    eve.send(post(eve, text=links), "pod1")
    federation.settle()
    assert sum(each.times for each in asked) == 10


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
        peer.serve(f"/fetch/post/{guid}", Answer(body=eve.seal(text)))
        for guid, text in zip(guids, texts, strict=True)
    ]
    eve.send(texts[0], "pod1")
    federation.settle()
    assert [each.times for each in asked] == [0] + [1] * 5 + [0] * (MANY - 6)


def test_links_to_texts_full_of_links_and_names_are_paid_by_the_first_message(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13; protocol 9 row 20."""
    victim = federation.peer("mallory.test")
    guids = [peer.new_guid() for _ in range(MANY)]
    names = [f"v{n}@mallory.test" for n in range(MANY * 10)]
    looked_up = [
        victim.serve(f"/.well-known/webfinger?resource=acct:{name}", Answer(status=404))
        for name in names
    ]
    texts = []
    for n, guid in enumerate(guids):
        # Each of the forty has ten names of its own, and leads to the four after it in a tree.
        links = [f"diaspora://{eve}/post/{each}" for each in guids[4 * n + 1 : 4 * n + 5]]
        mentions = [f"@{{Somebody; {each}}}" for each in names[10 * n : 10 * n + 10]]
        texts.append(post(eve, guid=guid, text=" ".join(links + mentions)))
    fetched = [
        peer.serve(f"/fetch/post/{guid}", Answer(body=eve.seal(text)))
        for guid, text in zip(guids, texts, strict=True)
    ]
    eve.send(texts[0], "pod1")
    known = federation.settle()["pod1"].rows("post")
    assert sum(each.times for each in looked_up) == 10
    # Its own four come first; what is left goes to what they lead to.
    assert [each.times for each in fetched] == [0, *[1] * 8, *[0] * 12, 1, 1, *[0] * 17]
    assert sum(guid in known for guid in guids) == 11


def test_who_was_just_not_found_is_not_looked_up_for_each_message(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.13, DEC-2.20; protocol 9 row 20."""
    victim = federation.peer("mallory.test")
    asked = victim.serve("/.well-known/webfinger?resource=acct:v@mallory.test", Answer(status=404))
    for _ in range(5):
        eve.send(post(eve, text="@{Somebody; v@mallory.test}"), "pod1")
    federation.settle()
    assert asked.times == 1

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
    before = federation.settle()
    eve.send(first, "pod1")
    assert federation.settle() == before
    assert [each.times for each in asked] == [1, 1]


def test_a_fetch_that_brings_something_else_brings_nothing(
    federation: Federation, peer: Peer, eve: PeerPerson, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.14; protocol 9 row 16."""
    asked, other = peer.new_guid(), peer.new_guid()
    parent = fixtures.posts["bob_public"].guid
    known = set(federation.settle()["pod1"].rows("post"))
    answers = (
        Answer(body=eve.seal(post(eve, guid=other))),
        Answer(body=eve.seal(eve.entity("account_deletion"))),
        Answer(body=eve.seal(eve.entity("profile", first_name="X", public=True))),
        Answer(body=eve.seal(eve.signed("comment", guid=asked, parent_guid=parent, text=CANARY))),
        Answer(body=eve.seal(post(eve, guid=asked, public=False))),
        Answer(body=b"<html/>"),
        Answer(raw=b"\x00"),
        NEVER,
    )
    fetched = peer.serve(f"/fetch/post/{asked}", *answers)
    for _ in answers:
        guid = peer.new_guid()
        known.add(guid)
        eve.send(post(eve, guid=guid, text=f"diaspora://{eve}/post/{asked}"), "pod1")
    found = federation.settle()["pod1"]
    assert set(found.rows("post")) == known
    assert found.rows("profile")[str(eve)]["first_name"] == "Eve"
    assert fetched.times == len(answers)


def test_who_has_no_usable_key_is_given_up(
    federation: Federation, peer: Peer, carol: Account
) -> None:
    """Clauses: DEC-2.13; protocol 9 row 20."""
    ann = peer.person("ann")
    card = peer.serve(ann.hcard_path, Answer(body=ann.hcard(key="none")))
    before = federation.settle()
    ann.send(post(ann), "pod1")
    ann.send(ann.entity("contact", recipient=str(carol), following=True, sharing=True), carol)
    for _ in range(12):
        assert federation.settle() == before
        federation.clock.advance(LATER)

    # Each message was tried ten times, and then no more.
    assert card.times == 20
    assert federation.quiet is not None
    assert federation.quiet.sleeping == {}
    assert [each["attempt"] for each in federation["pod1"].log_lines("dropped")] == ["10", "10"]


def test_the_old_address_answers_only_who_is_who_he_says_and_not_too_often(
    federation: Federation, gate: Gate, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-4.11, OLD-4.11."""
    victim, thief = federation.peer("mallory.test"), peer.nobody("thief")
    vera, said = victim.person("vera"), []
    peer.look_up(carol)
    federation["pod2"].import_archive(carol.export_archive(), "christy")
    federation.settle()

    # vera has not sent this: her pod is not bothered with an answer.
    for n in range(3):
        said.append(post(vera, public=False, text=f"{n}"))
        assert peer.bring(eve.seal_as(vera, said[-1]), carol) == 202
        assert peer.bring(thief.seal_as(eve, said[-1]), carol) == 202
    federation.settle()
    assert gate.wiretap.messages(to="mallory") == ()

    # She has sent this, several times, and is answered once.
    victim.accept("account migration")
    for text in said:
        assert peer.bring(vera.seal(text), carol) == 202
    federation.settle()
    assert [each.message.author for each in victim.received()] == [str(carol)]
