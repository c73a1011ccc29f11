"""The same object says the same everywhere."""

from collections.abc import Iterator, Mapping

from harness.facts.finding import Finding
from harness.facts.identity import PodName
from harness.facts.snapshot import Row, Snapshot, Value
from harness.verify.evidence import Evidence, finding

COMPARED: Mapping[str, tuple[str, ...]] = {
    "person": ("guid", "public_key", "pod", "closed"),
    "profile": (
        "first_name",
        "last_name",
        "image_url",
        "image_url_medium",
        "image_url_small",
        "searchable",
        "tag_string",
    ),
    "post": (
        "kind",
        "author",
        "public",
        "text",
        "created_at",
        "provider_display_name",
        "root_guid",
        "root_author",
    ),
    "photo": (
        "author",
        "public",
        "text",
        "created_at",
        "remote_photo_path",
        "remote_photo_name",
        "status_message_guid",
        "height",
        "width",
    ),
    "location": ("address", "lat", "lng"),
    "poll": ("post", "question"),
    "poll_answer": ("poll", "answer", "position"),
    "comment": ("author", "post", "text", "created_at"),
    "like": ("author", "target_type", "target", "positive"),
    "poll_participation": ("author", "poll", "answer"),
    "event": (
        *("post", "summary", "description", "start_at", "end_at", "all_day", "timezone"),
        *("address", "lat", "lng"),
    ),
    "embed": ("url", "title", "description", "image"),
    "event_participation": ("author", "event", "status"),
    "mention": ("container",),
    "conversation": ("author", "subject", "created_at", "participants"),
    "message": ("conversation", "author", "text", "created_at"),
}
"""What must be identical wherever the object exists; the other fields are local or derived."""

PEOPLE = ("author", "root_author", "participants")
EXTENDED = ("bio", "birthday", "gender", "location", "nsfw")


def same_content_everywhere(evidence: Evidence) -> Iterator[Finding]:
    """Every copy of an object equals the one on the pod where it was made.

    Where that has none any more, the home of its author today decides, or else the first pod that
    has one. People are resolved to the newest
    ID that the pod knows; a stub is compared only in what it claims.

    Source: docs/verification.md#same-content-everywhere
    """
    for type_, fields in COMPARED.items():
        for key in sorted({key for pod in evidence.snapshots.values() for key in pod.rows(type_)}):
            copies = {
                pod: row
                for pod, snapshot in evidence.snapshots.items()
                if (row := snapshot.get(type_, key)) is not None
                and not row.fields.get("stub")
                and key not in evidence.stale(pod)
            }
            if len(copies) > 1:
                yield from _compare(evidence, fields, copies)


def _compare(
    evidence: Evidence, fields: tuple[str, ...], copies: Mapping[PodName, Row]
) -> Iterator[Finding]:
    home = _home(evidence, copies)
    if home is None:
        return
    original = copies[home]
    for pod, row in copies.items():
        for name in fields:
            expected = _resolved(evidence, evidence.snapshots[home], original, name)
            found = _resolved(evidence, evidence.snapshots[pod], row, name)
            if expected != found and not _is_undiscoverable(evidence, pod, row, name):
                yield finding(
                    "same_content_everywhere", pod, row, name, expected=expected, found=found
                )
        for name in EXTENDED if row.type == "profile" else ():
            expected, found = original.fields.get(name), row.fields.get(name)
            if found and expected != found:  # who may not know it at all is another question
                yield finding(
                    "same_content_everywhere", pod, row, name, expected=expected, found=found
                )


def _is_undiscoverable(evidence: Evidence, pod: PodName, row: Row, name: str) -> bool:
    """Whether a pod cannot know a field: an hCard names no tags, and a profile was never sent."""
    if name != "tag_string" or row.fields.get(name) is not None:
        return False
    return not _is_disclosed(evidence, row.key, pod)


def _home(evidence: Evidence, copies: Mapping[PodName, Row]) -> PodName | None:
    """The pod whose copy decides: where it was made, or where the author lives today."""
    today: PodName | None = None
    for pod, row in copies.items():
        host = evidence.snapshots[pod].host
        then, now = _owners(evidence, evidence.snapshots[pod], row)
        if then.partition("@")[2] == host:
            return pod
        if today is None and now.partition("@")[2] == host:
            today = pod
    return today or next(iter(copies), None)


def _owners(evidence: Evidence, snapshot: Snapshot, row: Row) -> tuple[str, str]:
    """Whose object it was when it was made, and is; a part belongs to the author of the whole."""
    if row.type in ("person", "profile"):
        return row.key, evidence.newest(row.key)
    whole = _whole(snapshot, row)
    if whole is not None:
        return _owners(evidence, snapshot, whole)
    item = evidence.expectation.items.get(row.key) if evidence.expectation else None
    return item.made_by if item else "", evidence.newest(row.text("author"))


def _whole(snapshot: Snapshot, row: Row) -> Row | None:
    """The post, poll or comment of which a row is a part."""
    match row.type:
        case "poll_answer":
            return snapshot.get("poll", row.text("poll"))
        case "poll" | "event":
            return snapshot.get("post", row.text("post"))
        case "location" | "embed":
            return snapshot.get("post", row.key)
        case "mention":
            return snapshot.get(row.text("container"), row.key.partition("→")[0])
    return None


def _resolved(evidence: Evidence, snapshot: Snapshot, row: Row, name: str) -> Value:
    """A field with people by the newest ID, so that a stale pod is one finding and not hundreds."""
    value = row.fields.get(name)
    if name not in PEOPLE:
        return value
    stale = evidence.stale(snapshot.pod)
    if isinstance(value, tuple):
        return tuple(sorted(_newest(snapshot, stale, str(item)) for item in value))
    return _newest(snapshot, stale, value) if isinstance(value, str) else value


def _newest(snapshot: Snapshot, stale: Mapping[str, str], diaspora_id: str) -> str:
    newest = snapshot.newest(diaspora_id)
    return stale.get(newest, newest)


def private_profiles_stay_private(evidence: Evidence) -> Iterator[Finding]:
    """Extended profile fields are only where the owner shares, or once shared, with somebody.

    Rows tell of today: once people have moved, only the model knows where they shared before.

    Source: docs/verification.md#private-profiles-stay-private
    """
    if evidence.expectation is None and evidence.moves:
        return
    for pod, snapshot in evidence.snapshots.items():
        for key, row in snapshot.rows("profile").items():
            original = _original(evidence, key)
            if original is None or original is row or original["public"]:
                continue
            for name in EXTENDED:
                value = row.fields.get(name)
                if value and not _is_disclosed(evidence, key, pod):
                    yield finding(
                        "private_profiles_stay_private",
                        pod,
                        row,
                        name,
                        expected="not disclosed",
                        found="disclosed",
                    )


def _original(evidence: Evidence, diaspora_id: str) -> Row | None:
    for snapshot in evidence.snapshots.values():
        if snapshot.host == diaspora_id.partition("@")[2]:
            return snapshot.get("profile", diaspora_id)
    return None


def _is_disclosed(evidence: Evidence, diaspora_id: str, pod: PodName) -> bool:
    """Whether the person shares, or ever shared, with somebody on the pod, as far as is known."""
    if evidence.expectation is not None:
        return pod in evidence.expectation.disclosed.get(diaspora_id, set())
    rows = evidence.snapshots[pod].rows("contact").values()
    return any(row.key.endswith(f"→{diaspora_id}") and row["sharing"] for row in rows)


PARTS: Mapping[str, str] = {
    "location": "",
    "embed": "",
    "poll": "post",
    "poll_answer": "poll",
    "event": "post",
}
"""Row type → field that names the whole (empty: the key does)."""


def parts_come_with_the_whole(evidence: Evidence) -> Iterator[Finding]:
    """Where a post is, its location, embed, event and its poll with all answers are, too.

    Source: docs/verification.md#parts-come-with-the-whole
    """
    for type_, field in PARTS.items():
        parts = {
            key: row
            for snapshot in evidence.snapshots.values()
            for key, row in snapshot.rows(type_).items()
        }
        for key, row in sorted(parts.items()):
            whole = row.text(field) if field else key
            for pod, snapshot in evidence.snapshots.items():
                owner = snapshot.get("post" if type_ != "poll_answer" else "poll", whole)
                if owner and not owner.fields.get("stub") and snapshot.get(type_, key) is None:
                    yield finding(
                        "parts_come_with_the_whole",
                        pod,
                        row,
                        "presence",
                        expected="held",
                        found="missing",
                    )
