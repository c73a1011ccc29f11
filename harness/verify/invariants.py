"""What must hold inside each pod, whatever the others believe."""

from collections.abc import Iterator, Mapping

from harness.facts.finding import Finding
from harness.facts.identity import PodName
from harness.facts.snapshot import AUTHORED, Row, Snapshot, short
from harness.verify.evidence import Evidence, finding
from harness.verify.text import mentioned

REFERENCES: Mapping[str, Mapping[str, str]] = {
    "post": {"author": "person", "root_author": "person", "root_guid": "post"},
    "photo": {"author": "person", "status_message_guid": "post"},
    "location": {"key": "post"},
    "poll": {"post": "post"},
    "poll_answer": {"poll": "poll"},
    "comment": {"author": "person", "post": "post"},
    "like": {"author": "person", "target": "target_type"},
    "poll_participation": {"author": "person", "poll": "poll", "answer": "poll_answer"},
    "event": {"post": "post"},
    "embed": {"key": "post"},
    "event_participation": {"author": "person", "event": "event"},
    "conversation": {"author": "person", "participants": "person"},
    "message": {"author": "person", "conversation": "conversation"},
    "signature": {"signer": "person", "key": "entity"},
    "profile": {"key": "person"},
    "account": {"key": "person"},
}
"""Row type → field → type of the row it must lead to, or the field that names that type."""

NAMING_TYPES = ("target_type", "entity")

PROFILE_FIELDS = (
    "full_name",
    "first_name",
    "last_name",
    "image_url",
    "image_url_medium",
    "image_url_small",
    "bio",
    "birthday",
    "gender",
    "location",
    "tag_string",
)


def no_reference_dangles(evidence: Evidence) -> Iterator[Finding]:
    """Whatever a row refers to is on the same pod.

    Source: docs/verification.md#no-reference-dangles
    """
    for pod, snapshot in evidence.snapshots.items():
        for type_, fields in REFERENCES.items():
            for row in snapshot.rows(type_).values():
                for name, target_type in fields.items():
                    for target in _targets(row, name):
                        wanted = _type(row, target_type)
                        if snapshot.get(wanted, target) is None:
                            yield finding(
                                "no_reference_dangles",
                                pod,
                                row,
                                name,
                                expected=f"a known {wanted}",
                                found=target,
                            )


def _targets(row: Row, name: str) -> tuple[str, ...]:
    if name == "key":
        return (row.key,)
    value = row.fields.get(name)
    if isinstance(value, tuple):
        return tuple(str(item) for item in value)
    return (str(value),) if value else ()


def _type(row: Row, target_type: str) -> str:
    return row.text(target_type).lower() if target_type in NAMING_TYPES else target_type


def the_moved_are_closed(evidence: Evidence) -> Iterator[Finding]:
    """After a move the old person is closed, the old profile empty, the old log-in locked.

    Source: docs/verification.md#the-moved-are-closed
    """
    for pod, snapshot in evidence.snapshots.items():
        for old in snapshot.rows("account_migration"):
            person = snapshot.get("person", old)
            if person is not None and not person["closed"]:
                yield finding(
                    "the_moved_are_closed", pod, person, "closed", expected=True, found=False
                )
            profile = snapshot.get("profile", old)
            for name in PROFILE_FIELDS if profile else ():
                if profile is not None and profile.fields.get(name):
                    yield finding(
                        "the_moved_are_closed",
                        pod,
                        profile,
                        name,
                        expected=None,
                        found=profile.fields[name],
                    )
            account = snapshot.get("account", old)
            if account is not None and account["state"] != "closed":
                yield finding(
                    "the_moved_are_closed",
                    pod,
                    account,
                    "state",
                    expected="closed",
                    found=account["state"],
                )


def nothing_names_the_moved(evidence: Evidence) -> Iterator[Finding]:
    """No contact, mention, author or participant is an old ID that the pod knows to have moved.

    Source: docs/verification.md#nothing-names-the-moved; seed specification, section 8
    """
    for pod, snapshot in evidence.snapshots.items():
        moved = snapshot.rows("account_migration")
        for row in snapshot:
            for name, person in _people_in(row):
                if person in moved:
                    yield finding(
                        "nothing_names_the_moved",
                        pod,
                        row,
                        name,
                        expected=snapshot.newest(person),
                        found=person,
                    )


KEYED_BY_PEOPLE = (
    "contact",
    "block",
    "mention",
    "participation",
    "audience",
    "visibility",
    "aspect",
    "tag_following",
    "notification",
)


def _people_in(row: Row) -> Iterator[tuple[str, str]]:
    """The people a row refers to now (history — signers, records, retractions — left out)."""
    if row.type in KEYED_BY_PEOPLE:
        for part in row.key.replace("→", "/").split("/"):
            if "@" in part:
                yield _role(row.type), part
    if row.type in AUTHORED:
        for name in ("author", "root_author", "participants"):
            for person in _targets(row, name):
                yield name, person


def _role(type_: str) -> str:
    return {"mention": "mentioned person", "contact": "person", "block": "person"}.get(type_, "who")


def contacts_mirror_each_other(evidence: Evidence) -> Iterator[Finding]:
    """A shares with B on A's pod if, and only if, B's pod says that A shares with B.

    People whose move one side has missed are left to `everyone_knows_of_the_move`.

    Source: docs/verification.md#contacts-mirror-each-other
    """
    hosts = {snapshot.host: snapshot for snapshot in evidence.snapshots.values()}
    for pod, snapshot in evidence.snapshots.items():
        for row in snapshot.rows("contact").values():
            owner, _, person = row.key.partition("→")
            if owner == person or not (row["sharing"] or row["receiving"]):
                yield finding(
                    "contacts_mirror_each_other",
                    pod,
                    row,
                    "flags",
                    expected="a relation to somebody",
                    found="none",
                )
            other = hosts.get(person.partition("@")[2])
            if other is None or {owner, person} & _missed(evidence, pod, other.pod):
                continue
            mirror = other.get("contact", f"{person}→{owner}")
            for mine, theirs in (("receiving", "sharing"), ("sharing", "receiving")):
                expected = bool(mirror and mirror[theirs])
                if bool(row[mine]) != expected:
                    yield finding(
                        "contacts_mirror_each_other",
                        pod,
                        row,
                        mine,
                        expected=expected,
                        found=row[mine],
                    )


def _missed(evidence: Evidence, *pods: PodName) -> set[str]:
    """The people, by all their IDs, whose move one of these pods has missed."""
    stale = {old for pod in pods for old in evidence.stale(pod)}
    return stale | {evidence.newest(old) for old in stale}


def mentions_follow_the_text(evidence: Evidence) -> Iterator[Finding]:
    """Who is mentioned in a text is stored as mentioned, by the newest ID, and nobody else is.

    People that the pod does not know cannot be stored, those who deleted their accounts are not
    stored any more; neither are asked for.

    Source: docs/verification.md#mentions-follow-the-text
    """
    for pod, snapshot in evidence.snapshots.items():
        stored: dict[str, set[str]] = {}
        for key in snapshot.rows("mention"):
            container, _, person = key.partition("→")
            stored.setdefault(container, set()).add(person)
        for type_ in ("post", "comment"):
            for row in snapshot.rows(type_).values():
                expected = _mentioned_known(snapshot, row)
                found = stored.get(row.key, set())
                if expected != found:
                    yield finding(
                        "mentions_follow_the_text",
                        pod,
                        row,
                        "mentions",
                        expected=tuple(sorted(map(short, expected))),
                        found=tuple(sorted(map(short, found))),
                    )


def _mentioned_known(snapshot: Snapshot, row: Row) -> set[str]:
    people = {snapshot.newest(person) for person in mentioned(row.text("text"))}
    deleted = snapshot.rows("account_deletion")
    return {person for person in people if snapshot.knows(person) and person not in deleted}
