"""The reference pod: its user API, verb by verb."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from harness.driver.adapter import Draft, Import, Newcomer, View
from harness.driver.login import Garbled, Login, Refused
from harness.facts.identity import DiasporaId
from harness.facts.reference import Ref

_COLLECTIONS: Final = {
    "post": "posts",
    "comment": "comments",
    "photo": "photos",
    "conversation": "conversations",
}
_GONE: Final = (403, 404, 410)


class ReferencePod:
    """Speaks the user API of the reference pod."""

    name = "reference"
    counts_pending = True

    def sign_up(self, visitor: Login, who: Newcomer) -> Login:
        body = {"username": who.username, "email": who.email, "password": who.password}
        return _logged_in(visitor, who.username, visitor.call("POST", "/api/accounts", body))

    def log_in(self, visitor: Login, username: str, password: str) -> Login:
        body = {"username": username, "password": password}
        return _logged_in(visitor, username, visitor.call("POST", "/api/sessions", body))

    def look_up(self, me: Login, what: str) -> Ref | DiasporaId | None:
        try:
            found = me.call("GET", f"/api/search?q={quote(what, safe='')}")
        except Refused as refused:
            if refused.status in _GONE:
                return None
            raise
        if found.get("post"):
            return Ref("post", str(found["post"]["guid"]))
        return DiasporaId.parse(found["person"]["diaspora_id"])

    def profile(self, me: Login) -> View:
        return _view(me.call("GET", "/api/profile"))

    def edit_profile(self, me: Login, fields: Mapping[str, object]) -> None:
        me.call("PATCH", "/api/profile", fields)

    def add_aspect(self, me: Login, name: str) -> None:
        me.call("POST", "/api/aspects", {"name": name})

    def aspects(self, me: Login) -> Sequence[View]:
        return _views(me.call("GET", "/api/aspects"))

    def share(self, me: Login, other: DiasporaId, aspects: Sequence[str]) -> None:
        me.call("PUT", f"/api/contacts/{other}", {"aspects": list(aspects)})

    def unshare(self, me: Login, other: DiasporaId) -> None:
        me.call("DELETE", f"/api/contacts/{other}")

    def contacts(self, me: Login) -> Sequence[View]:
        return _views(me.call("GET", "/api/contacts"))

    def block(self, me: Login, other: DiasporaId) -> None:
        me.call("PUT", f"/api/blocks/{other}")

    def unblock(self, me: Login, other: DiasporaId) -> None:
        me.call("DELETE", f"/api/blocks/{other}")

    def follow_tag(self, me: Login, tag: str) -> None:
        me.call("PUT", f"/api/tags/{quote(tag, safe='')}")

    def photo(self, me: Login, image: bytes, type_: str, text: str) -> Ref:
        target = f"/api/photos?text={quote(text, safe='')}" if text else "/api/photos"
        return Ref("photo", _made(me.call_with("POST", target, image, type_)))

    def post(self, me: Login, draft: Draft) -> Ref:
        return Ref("post", _made(me.call("POST", "/api/posts", _body(draft))))

    def comment(self, me: Login, on: Ref, text: str) -> Ref:
        return Ref("comment", _made(me.call("POST", f"{_path(on)}/comments", {"text": text})))

    def like(self, me: Login, on: Ref) -> Ref:
        return Ref("like", _made(me.call("POST", f"{_path(on)}/likes", {})))

    def unlike(self, me: Login, on: Ref) -> None:
        me.call("DELETE", f"{_path(on)}/likes")

    def vote(self, me: Login, on: Ref, answer: str) -> Ref:
        made = me.call("POST", f"{_path(on)}/votes", {"answer": answer})
        return Ref("poll_participation", _made(made))

    def answer(self, me: Login, on: Ref, status: str) -> Ref:
        made = me.call("POST", f"{_path(on)}/answers", {"status": status})
        return Ref("event_participation", _made(made))

    def reshare(self, me: Login, of: Ref) -> Ref:
        return Ref("post", _made(me.call("POST", f"{_path(of)}/reshares", {})))

    def participate(self, me: Login, on: Ref) -> None:
        me.call("PUT", f"{_path(on)}/participation")

    def converse(
        self, me: Login, to: Sequence[DiasporaId], subject: str, text: str
    ) -> tuple[Ref, Ref]:
        body = {"subject": subject, "text": text, "recipients": [str(person) for person in to]}
        made = me.call("POST", "/api/conversations", body)
        return Ref("conversation", _made(made)), Ref("message", str(made["message_guid"]))

    def reply(self, me: Login, conversation: Ref, text: str) -> Ref:
        made = me.call("POST", f"{_path(conversation)}/messages", {"text": text})
        return Ref("message", _made(made))

    def retract(self, me: Login, what: Ref) -> None:
        me.call("DELETE", _path(what))

    def view(self, me: Login, what: Ref) -> View | None:
        try:
            return _view(me.call("GET", _path(what)))
        except Refused as refused:
            if refused.status in _GONE:
                return None
            raise

    def person(self, me: Login, who: DiasporaId) -> View:
        return _view(me.call("GET", f"/api/people/{who}"))

    def stream(self, me: Login) -> Sequence[View]:
        return _views(me.call("GET", "/api/stream"))

    def conversations(self, me: Login) -> Sequence[View]:
        return _views(me.call("GET", "/api/conversations"))

    def notifications(self, me: Login) -> Sequence[View]:
        return _views(me.call("GET", "/api/notifications"))

    def delete_account(self, me: Login, password: str) -> None:
        me.call("DELETE", "/api/me", {"password": password})

    def export_archive(self, me: Login) -> bytes:
        return me.send("GET", "/api/export")

    def upload_archive(self, visitor: Login, archive: bytes) -> Import:
        found = visitor.call_with("POST", "/api/imports", archive, "application/gzip")
        return Import(
            guid=str(found["import"]),
            old_id=DiasporaId.parse(found["old_id"]),
            username=str(found["username"]),
            username_available=bool(found["username_available"]),
            email=str(found["email"]),
        )

    def confirm_import(self, visitor: Login, guid: str, who: Newcomer) -> str:
        body = {"username": who.username, "email": who.email, "password": who.password}
        return str(visitor.call("POST", f"/api/imports/{guid}", body)["message"])

    def import_status(self, visitor: Login, guid: str) -> View:
        return _view(visitor.call("GET", f"/api/imports/{guid}"))

    def abort_import(self, visitor: Login, guid: str) -> None:
        visitor.call("DELETE", f"/api/imports/{guid}")


def _logged_in(visitor: Login, username: str, answer: Any) -> Login:  # noqa: ANN401 (JSON)
    token = (("Authorization", f"Bearer {answer['token']}"),)
    return Login(visitor.reach, username, token)


def _body(draft: Draft) -> dict[str, object]:
    body: dict[str, object] = {"text": draft.text, "public": draft.aspects is None}
    if draft.aspects is not None:
        body["aspects"] = list(draft.aspects)
    if draft.photos:
        body["photos"] = [photo.guid for photo in draft.photos]
    if draft.location:
        body["location"] = asdict(draft.location)
    if draft.poll:
        body["poll"] = {"question": draft.poll.question, "answers": list(draft.poll.answers)}
    if draft.invitation:
        body["event"] = asdict(draft.invitation)
    if draft.embed:
        body["embed"] = {"url": draft.embed}
    return body


def _path(ref: Ref) -> str:
    collection = _COLLECTIONS.get(ref.kind)
    if collection is None:
        raise ValueError(f"the user API has no address for a {ref.kind}")
    return f"/api/{collection}/{ref.guid}"


def _made(answer: Any) -> str:  # noqa: ANN401 (JSON)
    try:
        return str(answer["guid"])
    except (KeyError, TypeError) as error:
        raise Garbled(f"an answer names no guid: {answer!r}") from error


def _view(answer: Any) -> View:  # noqa: ANN401 (JSON)
    if not isinstance(answer, dict):
        raise Garbled(f"an answer is no object: {answer!r}")
    return answer


def _views(answer: Any) -> Sequence[View]:  # noqa: ANN401 (JSON)
    if not isinstance(answer, list):
        raise Garbled(f"an answer is no list: {answer!r}")
    return answer
