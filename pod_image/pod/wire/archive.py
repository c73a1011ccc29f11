"""The archive as a file: gzip-compressed JSON that conforms to `archive_schema.json`.

Reading has two degrees. What makes the whole archive useless is refused, and the error says what is
wrong where. A single item that no pod would accept is left out and named in `Archive.broken`.

Source: seed specification section 3.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pod.domain.archive import VERSION, Archive
from pod.domain.entities import EventParticipation, Relayable
from pod.domain.errors import Invalid
from pod.domain.identity import InvalidIdentity
from pod.wire.archive_items import (
    SETTING_KEYS,
    read_contact,
    read_conversation,
    read_guid,
    read_id,
    read_name,
    read_participation,
    read_person,
    read_photo,
    read_post,
    read_profile,
    read_reference,
    read_relayable,
    write_contact,
    write_conversation,
    write_person,
    write_post,
    write_reference,
)
from pod.wire.errors import WireError
from pod.wire.json_form import to_json

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_JSON_BYTES = 256 * 1024 * 1024
CONTENT_TYPE = "application/gzip"

_RELAYABLES = ("relayables", "event_participations")

Item = TypeVar("Item")


# --- writing -------------------------------------------------------------------------------------


def write(archive: Archive) -> bytes:
    """Write an archive; the same archive gives the same bytes."""
    text = json.dumps(to_document(archive), ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(errors="replace"), mtime=0)


def to_document(archive: Archive) -> dict[str, object]:
    """The JSON document of an archive."""
    others = {
        **_relayables(archive.others_relayables),
        "non_contact_authors": [
            write_person(person) for person in archive.others if person.guid and person.public_key
        ],
        "posts": [write_reference(each) for each in archive.others_posts],
    }
    return {"version": VERSION, "user": _user(archive), "others_data": others}


def _user(archive: Archive) -> dict[str, object]:
    return {
        "username": archive.username,
        "email": archive.email,
        "private_key": archive.private_key,
        **{key: archive.settings[name] for name, key in SETTING_KEYS if name in archive.settings},
        "profile": to_json(archive.profile),
        "contact_groups": [{"name": name} for name in archive.aspects],
        "contacts": [write_contact(each) for each in archive.contacts],
        "followed_tags": list(archive.followed_tags),
        "blocks": list(archive.blocks),
        "posts": [write_post(each) for each in archive.posts],
        "photos": [to_json(each) for each in archive.photos],
        **_relayables(archive.relayables),
        "post_subscriptions": list(archive.subscriptions),
        "participations": [
            {"guid": guid, "parent_guid": post} for post, guid in archive.participations.items()
        ],
        "conversations": [write_conversation(each) for each in archive.conversations],
    }


def _relayables(entities: Iterable[Relayable]) -> dict[str, object]:
    """Relayables by key: other software refuses archives with answers to invitations among them."""
    keys: dict[str, list[object]] = {key: [] for key in _RELAYABLES}
    for each in entities:
        is_answer = isinstance(each, EventParticipation)
        keys["event_participations" if is_answer else "relayables"].append(to_json(each))
    return dict(keys)


# --- reading -------------------------------------------------------------------------------------


def read(body: bytes) -> Archive:
    """Read an archive.

    Raises:
        Invalid: If it is too large, no gzip, cut off, no JSON, or not what the schema asks for.
    """
    document = _parsed(_unpacked(body))
    check(document)
    return from_document(cast(Mapping[str, Any], document))


def read_again(body: bytes) -> Archive:
    """Read an archive that `read` has accepted, and that was kept since where nobody changes it.

    Holding it against the schema takes longer than all the rest.
    """
    return from_document(cast(Mapping[str, Any], _parsed(_unpacked(body))))


def _unpacked(body: bytes) -> bytes:
    """Decompress, but never more than the limit: a small file may hold a huge one."""
    if len(body) > MAX_FILE_BYTES:
        raise Invalid(f"archive: {len(body)} bytes, at most {MAX_FILE_BYTES} are read")
    if not body:
        raise Invalid("archive: the file is empty; choose the file that the export gave you")
    unpacking = zlib.decompressobj(wbits=31)
    try:
        data = unpacking.decompress(body, MAX_JSON_BYTES + 1)
    except zlib.error:
        raise Invalid("archive: no gzip file, or a damaged one; export it again") from None
    if len(data) > MAX_JSON_BYTES:
        raise Invalid(f"archive: holds more than {MAX_JSON_BYTES} bytes, which is refused")
    if not unpacking.eof:
        raise Invalid("archive: the gzip file is cut off; export or upload it again")
    if unpacking.unused_data:
        raise Invalid("archive: something follows the end of the gzip file; export it again")
    return data


def _parsed(data: bytes) -> object:
    try:
        document: object = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid(f"archive: no UTF-8 text at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise Invalid(f"archive: no JSON: {error.msg} at line {error.lineno}") from None
    except (ValueError, RecursionError):
        raise Invalid("archive: JSON that is nested too deep or has numbers too long") from None
    return document


def check(document: object) -> None:
    """Hold a document against the schema.

    Raises:
        Invalid: Naming the place and what is expected there, never what stands there.
    """
    if isinstance(document, dict) and document.get("version", VERSION) != VERSION:
        found = str(document["version"])[:20]
        raise Invalid(f"archive: version {found!r}, only version {VERSION!r} can be imported")
    problem = next(_problems(document), None)
    if problem is not None:
        raise Invalid(f"archive: {problem}")


def _problems(document: object) -> Iterator[str]:
    from jsonschema.exceptions import best_match

    errors = list(_validator().iter_errors(cast(Any, document)))
    if errors:
        error = best_match(errors)
        yield f"{_place(error.absolute_path)}: {_expected(error.validator, error)}"


@cache
def _validator() -> Validator:
    # Imported on first use, since few processes of a pod ever read an archive.
    from jsonschema import Draft202012Validator

    text = files("pod.wire").joinpath("archive_schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _place(path: Iterable[str | int]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).lstrip(".") or "the document"


def _expected(rule: object, error: Any) -> str:  # noqa: ANN401 - an error of jsonschema
    """What the schema asks for, in words that do not repeat private content."""
    match rule:
        case "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            return f"{', '.join(missing)} missing"
        case "type":
            return f"expected {error.validator_value}"
        case "const" | "enum":
            return f"expected {error.validator_value!r}"
        case "minLength" | "maxLength":
            return f"a text of {len(error.instance)} characters, {rule} is {error.validator_value}"
    return f"breaks the rule {rule!r} of the archive schema"


def from_document(document: Mapping[str, Any]) -> Archive:
    """The archive in a document that conforms to the schema.

    Raises:
        Invalid: If the owner's profile cannot be read; without it nothing can be done.
    """
    user, others = document["user"], document.get("others_data", {})
    try:
        profile = read_profile(user["profile"])
    except (WireError, InvalidIdentity) as error:
        raise Invalid(f"archive: user.profile: {error}") from None
    mine, theirs = _Items("user", user), _Items("others_data", others)
    archive = Archive(
        username=user["username"],
        email=user["email"],
        private_key=user["private_key"],
        profile=profile,
        settings={name: user[key] for name, key in SETTING_KEYS if key in user},
        aspects=mine.read("contact_groups", read_name),
        contacts=mine.read("contacts", read_contact),
        followed_tags=tuple(user.get("followed_tags", ())),
        blocks=mine.read("blocks", read_id),
        posts=mine.read("posts", lambda item: read_post(item, profile.author)),
        photos=mine.read("photos", read_photo),
        relayables=mine.read_all(_RELAYABLES, read_relayable),
        subscriptions=mine.read("post_subscriptions", read_guid),
        participations=dict(mine.read("participations", read_participation)),
        conversations=mine.read("conversations", read_conversation),
        others_relayables=theirs.read_all(_RELAYABLES, read_relayable),
        others=theirs.read("non_contact_authors", read_person),
        others_posts=theirs.read("posts", read_reference),
    )
    return replace(archive, broken=(*mine.broken, *theirs.broken))


class _Items:
    """Reads the lists of one part of the document and remembers what could not be read."""

    def __init__(self, name: str, members: Mapping[str, Any]) -> None:
        self._name = name
        self._members = members
        self.broken: list[str] = []

    def read(self, key: str, reader: Callable[[Any], Item]) -> tuple[Item, ...]:
        """The items of a list, without those that cannot be read."""
        return tuple(self._read(key, reader))

    def read_all(self, keys: Iterable[str], reader: Callable[[Any], Item]) -> tuple[Item, ...]:
        """The items of several lists."""
        return tuple(item for key in keys for item in self._read(key, reader))

    def _read(self, key: str, reader: Callable[[Any], Item]) -> Iterator[Item]:
        for position, item in enumerate(self._members.get(key, ())):
            try:
                yield reader(item)
            except (WireError, InvalidIdentity) as error:
                self.broken.append(f"{self._name}.{key}[{position}]: {error}")
