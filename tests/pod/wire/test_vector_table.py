"""Every golden vector goes through a whole pod: accepted, or refused for the reason it states.

What the library of one side made is read, what is marked to be rejected leaves no trace, and what
can be computed is computed to the last bit. The table at the end says how many of each file; it
is what `pytest -s` prints.
"""

import json
from pathlib import Path

import pytest
from tabulate import tabulate

from pod.domain.identity import DiasporaId, Guid
from pod.wire.discovery import read_hcard, read_nodeinfo, read_webfinger
from pod.wire.encrypted_envelope import wrap
from tests.pod.wire import exact
from tests.pod.wire.refused import REFUSED
from tests.pod.wire.vector_pod import Verdict, judged, pod_for, received, verdict_of
from tests.pod.wire.vectors import FOLDER, load, named, owners

MESSAGES = (
    *("magic_envelope", "encrypted_envelope", "relayables", "entities", "account_migration"),
    *("account_rename", "negative", "upstream_generated", "pypi_generated"),
)

KEPT_WAITING = {"seed_form"}
"""Accepted once the new home confirms, which nobody answers for here: nothing changes yet."""

VECTORS = [
    pytest.param(file, vector["name"], id=f"{file}-{vector['name']}")
    for file in MESSAGES
    for vector in load(file)
]


@pytest.mark.parametrize(("file", "name"), VECTORS)
def test_a_pod_accepts_a_vector_or_refuses_it_for_its_reason(file: str, name: str) -> None:
    verdict = verdict_of(file, name)
    if name not in REFUSED:
        # Not all that is right is news at once: some waits to be confirmed.
        assert verdict == Verdict("", "", changed=name not in KEPT_WAITING)
        return
    refusal = REFUSED[name]
    assert (verdict.error, verdict.changed) == (refusal.error, False)
    assert refusal.words in verdict.reason


def test_the_reason_of_a_refusal_is_the_one_that_its_vector_states() -> None:
    """Our words are beside theirs in `REFUSED`: whoever changes one has to look at the other."""
    stated = {
        vector["name"]: vector.get("why") or vector["expect"].removeprefix("reject: ")
        for file in MESSAGES
        for vector in load(file)
        if vector["name"] in REFUSED
    }
    assert {name: refusal.stated for name, refusal in REFUSED.items()} == stated


def test_what_is_marked_to_be_rejected_is_in_the_list_of_the_refused() -> None:
    marked = {
        vector["name"]
        for file in MESSAGES
        for vector in load(file)
        if vector["expect"].startswith("reject")
    }
    lenient = {
        *("data_unpadded_signed_over_padded", "data_wrapped", "data_whitespace_around"),
    }
    assert REFUSED.keys() - lenient == marked


def test_a_participation_for_a_post_of_somebody_else_is_refused_privately_too(
    tmp_path: Path,
) -> None:
    """As the vector came publicly, its stated reason shows only when it is sent as it should be."""
    vector = named("participation_for_foreign_parent")
    envelope = str(vector["envelope_xml"]).encode()
    private = vector | {
        "route": "private",
        "recipient_label": "bob",
        "body_json": wrap(envelope, owners()["bob"].public_key).decode(),
    }

    verdict = judged(private, tmp_path)

    assert (verdict.error, verdict.changed) == ("Refused", False)
    assert "is not the recipient's" in verdict.reason


def test_the_same_vector_twice_changes_nothing(tmp_path: Path) -> None:
    for n, name in enumerate(("comment_direct_to_owner_pod", "poll_participation_relayed")):
        vector = named(name, "relayables")
        folder = tmp_path / str(n)
        folder.mkdir()
        with pod_for(vector, folder) as core:
            body = str(vector["envelope_xml"]).encode()
            assert received(core, body, None) == Verdict("", "", changed=True)
            assert received(core, body, None) == Verdict("", "", changed=False)


def _documents() -> int:
    """How many discovery documents are read as what they say."""
    loaded = json.loads((FOLDER / "discovery.json").read_text())
    document = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in loaded.items()
    }
    name = DiasporaId(document["diaspora_id"])
    found = read_webfinger(document["webfinger_jrd"].encode(), name)
    card = read_hcard(document["hcard_html"].encode(), found.hcard_url)
    assert (found.subject, card.guid) == (name, Guid(document["guid"]))
    versions = ("1_0", "2_0", "2_1")
    infos = [read_nodeinfo(document[f"nodeinfo_{each}"].encode()) for each in versions]
    return 2 + sum(info.software != "" for info in infos)


UNREADABLE = ("BadSignature", "DecryptionFailed", "InvalidEnvelope", "MissingSignature")
"""Errors that say that an envelope is not whole."""
MADE_OTHERWISE = ("UnsupportedAlgorithm",)
"""The constants in the document are others than those that we sign."""


def test_every_envelope_that_is_whole_is_sealed_the_same() -> None:
    found = {
        vector["name"]: exact.envelope_is_the_same(vector)
        for file in MESSAGES
        for vector in load(file)
    }
    damaged = {
        name for name, refusal in REFUSED.items() if refusal.error in (*UNREADABLE, *MADE_OTHERWISE)
    }
    assert found == {name: None if name in damaged else True for name in found}


def test_the_table_of_passes_by_file(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [_row(file) for file in MESSAGES]
    same = sum(map(exact.key_is_the_same, load("keys")))
    rows += [("discovery", 5, _documents(), 0, *NONE), ("keys", 7, same, 0, *NONE)]
    with capsys.disabled():
        headers = ("file", "vectors", "accepted", "refused", *EXACT)
        print("\n" + tabulate(sorted(rows), headers))  # noqa: T201
    assert {name: numbers for name, *numbers in rows} == {
        "account_migration": [6, 3, 3, 6, 0, 0],
        "account_rename": [8, 2, 6, 8, 0, 0],
        "discovery": [5, 5, 0, 0, 0, 0],
        "encrypted_envelope": [2, 2, 0, 2, 2, 0],
        "entities": [14, 14, 0, 14, 7, 0],
        "keys": [7, 7, 0, 0, 0, 0],
        "magic_envelope": [4, 4, 0, 4, 0, 0],
        "negative": [33, 5, 28, 18, 1, 4],
        "pypi_generated": [6, 6, 0, 6, 2, 2],
        "relayables": [9, 9, 0, 9, 0, 8],
        "upstream_generated": [12, 12, 0, 12, 2, 5],
    }


EXACT = {
    "sealed the same": exact.envelope_is_the_same,
    "encrypted the same": exact.ciphertext_is_the_same,
    "author signs the same": exact.author_signature_is_the_same,
}
NONE = (0, 0, 0)


def _row(file: str) -> tuple[str, int, int, int, int, int, int]:
    vectors = load(file)
    accepted = sum(verdict_of(file, vector["name"]).is_accepted for vector in vectors)
    sealed, encrypted, signed = (
        sum(is_the_same(vector) is True for vector in vectors) for is_the_same in EXACT.values()
    )
    return (
        *(file, len(vectors), accepted, len(vectors) - accepted),
        *(sealed, encrypted, signed),
    )
