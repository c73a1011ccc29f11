"""Where the library `federation` does not understand what a pod says that keeps to the protocol.

Each test is expected to fail, says which paragraph the library does not keep to, and fails in
earnest once the library does.
"""

from typing import Any

import pytest

from harness import Invitation, Poll
from harness.facts.reference import Ref
from harness.gate import forge
from tests.interop.conftest import FRIDAS_ID, Deviation, Meeting, new_guid
from tests.interop.foreign import FRIDA, HOST


def read_what_came(meeting: Meeting) -> list[dict[str, Any]]:
    """What the library understood of what has come; something must have."""
    came = meeting.foreign.received()
    assert came
    return [entity for message in came for entity in message.get("entities", ())]


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.10: the library drops conversations without an error",
)
def test_the_library_reads_our_private_message(meeting: Meeting) -> None:
    meeting.settle()
    meeting.foreign.received()
    assert meeting.alice.login is not None
    meeting.alice.adapter.converse(meeting.alice.login, [FRIDAS_ID], "Hello", "Hello")
    meeting.settle()
    if not read_what_came(meeting):
        raise Deviation("it was dropped")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.4: the library maps neither polls nor events",
)
@pytest.mark.parametrize("part", ["poll", "event"])
def test_the_library_reads_what_is_in_our_post(meeting: Meeting, part: str) -> None:
    meeting.heard("DiasporaPost")
    if part == "poll":
        meeting.alice.post("Which?", poll=Poll("Which?", ("this", "that")))
    else:
        meeting.alice.invite("Come!", Invitation("Party", "2026-02-01T18:00:00Z"))
    (heard,) = meeting.heard("DiasporaPost")
    if not heard["children"]:
        raise Deviation(f"the post came without its {part}")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.6: a vote has an author; the library knows no poll_participation",
)
def test_the_library_reads_a_vote(meeting: Meeting) -> None:
    poll = meeting.alice.post("Which?", poll=Poll("Which?", ("this", "that")))
    meeting.settle()
    meeting.foreign.received()
    meeting.bob.vote(poll, "this")
    meeting.settle()
    if not read_what_came(meeting):
        raise Deviation("it was dropped")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 9 row 13: a comment in the name of somebody else needs that "
    "author's signature; the library verifies a signature only if there is one",
)
def test_the_library_refuses_a_comment_that_its_author_did_not_sign(
    meeting: Meeting, post_of_frida: str
) -> None:
    """alice's pod seals what bob never said; her key is from the pool of test keys."""
    meeting.settle()
    meeting.foreign.received()
    payload = (
        f"<comment><author>{meeting.bob}</author><guid>{new_guid()}</guid>"
        f"<parent_guid>{post_of_frida}</parent_guid><text>never said</text>"
        "<created_at>2026-01-01T12:00:00Z</created_at></comment>"
    )
    _seal_as_alice(meeting, payload)
    if read_what_came(meeting):
        raise Deviation("it was accepted")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 9 row 21: a limited post that comes publicly is dropped; the "
    "library does not look at the flag",
)
def test_the_library_refuses_a_limited_post_on_the_public_route(meeting: Meeting) -> None:
    meeting.settle()
    meeting.foreign.received()
    payload = (
        f"<status_message><author>{meeting.alice}</author><guid>{new_guid()}</guid>"
        "<created_at>2026-01-01T12:00:00Z</created_at><public>false</public>"
        "<text>limited</text></status_message>"
    )
    _seal_as_alice(meeting, payload)
    if read_what_came(meeting):
        raise Deviation("it was accepted")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 1.4: times may have fractions and offsets; the library raises",
)
def test_the_library_reads_a_time_that_is_not_canonical(meeting: Meeting) -> None:
    meeting.settle()
    meeting.foreign.received()
    payload = (
        f"<status_message><author>{meeting.alice}</author><guid>{new_guid()}</guid>"
        "<created_at>2026-01-01T12:00:00.5Z</created_at><public>true</public>"
        "<text>odd time</text></status_message>"
    )
    _seal_as_alice(meeting, payload)
    if not read_what_came(meeting):
        raise Deviation("it was dropped")


def _seal_as_alice(meeting: Meeting, payload: str) -> None:
    """Post a payload to the foreign pod, in an envelope with alice's key."""
    forger = meeting.federation.forger
    envelope = forger.seal(payload, forger.identity(meeting.alice))
    request = forge.publicly(envelope, HOST)
    assert meeting.federation.gate.carry("pod1", HOST, request).answer is not None


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.7: who takes part wants to hear more; the library drops it",
)
def test_the_library_reads_a_participation(meeting: Meeting, post_of_frida: str) -> None:
    meeting.settle()
    meeting.foreign.received()
    meeting.alice.participate(Ref("post", post_of_frida))
    meeting.settle()
    if not read_what_came(meeting):
        raise Deviation("it was dropped")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.8: following and sharing are told apart; the library reads "
    "following alone",
)
@pytest.mark.parametrize("sharing", [True, False])
def test_the_library_tells_sharing_from_following(meeting: Meeting, *, sharing: bool) -> None:
    heard = _heard_of_a_contact(meeting, following=not sharing, sharing=sharing)
    if heard.get("sharing") is not sharing:
        raise Deviation("sharing was ignored")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.8: a contact says who is blocked; the library does not read it",
)
def test_the_library_reads_a_block(meeting: Meeting) -> None:
    heard = _heard_of_a_contact(meeting, following=False, sharing=False, blocking=True)
    if heard.get("blocking") is not True:
        raise Deviation("blocking was ignored")


def _heard_of_a_contact(meeting: Meeting, **flags: bool) -> dict[str, Any]:
    meeting.settle()
    meeting.foreign.received()
    told = "".join(f"<{name}>{str(flag).lower()}</{name}>" for name, flag in flags.items())
    start = f"<contact><author>{meeting.alice}</author><recipient>{FRIDA}</recipient>"
    _seal_as_alice(meeting, f"{start}{told}</contact>")
    (heard,) = read_what_came(meeting)
    assert (heard["class"], heard["following"]) == ("DiasporaContact", flags["following"])
    return heard


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.12 and 8: people end and move their accounts; the library drops "
    "what says so",
)
@pytest.mark.parametrize("kind", ["account_deletion", "account_migration", "account_rename"])
def test_the_library_reads_that_an_account_has_ended_or_moved(meeting: Meeting, kind: str) -> None:
    meeting.settle()
    meeting.foreign.received()
    forger = meeting.federation.forger
    alice = forger.identity(meeting.alice)
    elsewhere = forger.stranger("alice@elsewhere.test", new_guid())
    author = f"<author>{meeting.alice}</author>"
    payloads = {
        "account_deletion": f"<account_deletion>{author}</account_deletion>",
        "account_migration": forger.migration(alice, elsewhere, variant="A"),
        "account_rename": forger.rename(alice, elsewhere, consent=elsewhere),
    }
    _seal_as_alice(meeting, payloads[kind])
    if not read_what_came(meeting):
        raise Deviation("it was dropped")
