"""Comments, likes and votes go through the home of the post, up and down, and are taken back.

eve and ann live on peer.test; thief has keys of his own, and nothing else.

Clauses: DEC-2.2, DEC-2.3, DEC-2.5
"""

import pytest

from harness import Account, Federation, Fixtures, Peer, PeerPerson, PodName, Value
from scenarios.attacks import WHEN, brought, harmless, post
from scenarios.interactions import KINDS, Root, asked_by, asked_here, authors

TOLD: tuple[PodName, ...] = ("pod1", "pod2", "pod3")
TAKEN_BACK = {"post": "Post", "photo": "Photo", "reshare": "Post", **KINDS}


@pytest.fixture
def ann(peer: Peer, carol: Account) -> PeerPerson:
    """Lives with eve on peer.test."""
    person = peer.person("ann", first_name="Ann")
    carol.look_up(str(person))
    return person


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["up", "down"])
def test_what_hangs_on_a_post_is_signed_by_its_author_and_sealed_by_who_brings_it(
    federation: Federation,
    peer: Peer,
    eve: PeerPerson,
    ann: PeerPerson,
    fixtures: Fixtures,
    kind: str,
    way: str,
) -> None:
    """Clauses: DEC-2.2, DEC-2.3, GEN-10."""
    thief, guid = peer.nobody("thief"), peer.new_guid()
    if way == "up":  # to the home of carol's post, which passes it on
        author, root = eve, asked_here(federation, fixtures.posts["carol_public_poll"].guid)
    else:  # from the home of eve's post, where ann has said it
        author, root = ann, asked_by(federation, eve)
    fields = root.said(kind, guid)
    text = author.signed(kind, **fields)
    signature = text.partition("<author_signature>")[2].partition("<")[0]
    other = author.signature_over("something else")
    bodies = {
        "malformed": eve.seal(text.replace(signature, "no signature")),
        "of another": eve.seal(text.replace(signature, other)),
        "none": eve.seal(author.entity(kind, **fields)),
        "foreign": eve.seal(thief.signed(kind, **{"author": str(author)} | fields)),
        "the relayer's is foreign": eve.sealed_with_key_of(thief, text),
    }
    with harmless(federation, eve):
        answers = brought(federation, peer, bodies, "pod1")
    name = KINDS[kind]
    wrong = f"Refused: {name} {guid} of {author}: wrong signature"
    assert answers == dict.fromkeys(("malformed", "foreign", "of another"), wrong) | {
        "none": f"Refused: {name} {guid} of {author}: has no signature",
        "the relayer's is foreign": f"BadSignature: envelope of {eve}: wrong signature",
    }
    eve.send(text, "pod1")
    holders = TOLD if way == "up" else ("pod1",)
    assert authors(federation, kind, guid) == dict.fromkeys(holders, str(author))


def said(kind: str, by: PeerPerson, root: Root, eve: PeerPerson, guid: str) -> str:
    """Something by a person on the peer, on the post of eve's, or besides it."""
    photo: dict[str, Value] = {
        "remote_photo_path": "https://peer.test/",
        "remote_photo_name": "a.png",
    }
    if kind == "post":
        return post(by, guid=guid, text="mine")
    if kind == "photo":
        return by.entity("photo", guid=guid, public=True, created_at=WHEN, **photo)
    if kind == "reshare":
        roots = {"root_author": str(eve), "root_guid": root.guid}
        return by.entity("reshare", guid=guid, created_at=WHEN, **roots)
    return by.signed(kind, **root.said(kind, guid))


@pytest.mark.parametrize("kind", TAKEN_BACK)
def test_what_was_said_is_taken_back_by_whom_it_belongs_to(
    federation: Federation, peer: Peer, eve: PeerPerson, ann: PeerPerson, carol: Account, kind: str
) -> None:
    """Clauses: DEC-2.5, GEN-09; protocol 9 row 26."""
    root, thief, zoe = asked_by(federation, eve), peer.nobody("thief"), peer.person("zoe")
    carol.look_up(str(zoe))
    # Of what hangs on her post there is one for ann to take back, and one for eve.
    made = {peer.new_guid(): each for each in ((ann, zoe) if kind in KINDS else (ann,))}
    for guid, author in made.items():
        sender = eve if kind in KINDS else author
        sender.send(said(kind, author, root, eve, guid), "pod1")
    mine, table = next(iter(made)), "post" if kind == "reshare" else kind
    found = {guid: authors(federation, table, guid) for guid in made}
    assert found == {guid: {"pod1": str(author)} for guid, author in made.items()}

    def retraction(by: PeerPerson, guid: str) -> str:
        return by.entity("retraction", target_guid=guid, target_type=TAKEN_BACK[kind])

    told = retraction(ann, mine)
    strangers = {"a stranger": zoe} | ({} if kind in KINDS else {"the root author": eve})
    with harmless(federation, eve):
        bodies = {who: person.seal(told) for who, person in strangers.items()}
        bodies["a wrong key"] = ann.sealed_with_key_of(thief, told)
        answers = brought(federation, peer, bodies, "pod1")
    assert answers == {
        who: f"InvalidSender: {person} may not retract {TAKEN_BACK[kind]} {mine}"
        for who, person in strangers.items()
    } | {"a wrong key": f"BadSignature: envelope of {ann}: wrong signature"}

    for guid, by in zip(made, (ann, eve), strict=False):
        by.send(retraction(by, guid), "pod1")
    assert {guid: authors(federation, table, guid) for guid in made} == {guid: {} for guid in made}
