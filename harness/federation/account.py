"""A person's account, as a scenario holds it: what the person does, and what the person sees."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from harness.driver.adapter import (
    Adapter,
    CanMigrate,
    Draft,
    Invitation,
    Location,
    Newcomer,
    Poll,
    View,
)
from harness.driver.login import Login
from harness.errors import UsageError
from harness.facts.archive import Archive
from harness.facts.identity import DiasporaId, PodName
from harness.facts.reference import Ref
from harness.facts.snapshot import short
from harness.federation.acting import Home
from harness.federation.texts import audience, named
from harness.verify.text import mentioned

Made = TypeVar("Made")


@dataclass(eq=False, slots=True)
class Account:
    """One account on one pod. Verbs return a `Ref` to what they made, and are journalled."""

    diaspora_id: DiasporaId
    home: Home
    who: Newcomer
    login: Login | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return f"<{short(str(self.diaspora_id))}>"

    def __str__(self) -> str:
        return str(self.diaspora_id)

    @property
    def pod(self) -> PodName:
        """The home pod."""
        return self.home.pod

    @property
    def adapter(self) -> Adapter:
        """What speaks to the home pod."""
        return self.home.adapter

    @property
    def email(self) -> str:
        """Where the pod sends mail for this person."""
        return self.who.email

    # Who one is, and with whom

    def log_in(self) -> None:
        """Begin a new session; raises `Refused` if the pod does not let the person in."""
        visitor = Login(self.home.reach)
        self.login = self.adapter.log_in(visitor, self.who.username, self.who.password)

    def edit_profile(self, **fields: object) -> None:
        """Change fields of the profile."""
        self._act("edit_profile", lambda me: self.adapter.edit_profile(me, fields), fields)

    def look_up(self, what: "Account | DiasporaId | str") -> Ref | DiasporaId | None:
        """Search for a person, or paste the address of a post or a link to it."""
        return self._act("look_up", lambda me: self.adapter.look_up(me, str(what)), _looked_up)

    def add_aspect(self, name: str) -> None:
        """Make an aspect."""
        self._act("add_aspect", lambda me: self.adapter.add_aspect(me, name), {"name": name})

    def share(self, other: "Account | DiasporaId", aspect: str | Sequence[str]) -> None:
        """Share with a person, who is in this aspect, or these, from now on and in no other."""
        aspects, person = named(aspect), _id_of(other)
        for name in aspects:
            self._have_aspect(name)
        told = {"person": str(person), "aspects": list(aspects)}
        self._act("share", lambda me: self.adapter.share(me, person, aspects), told)

    def unshare(self, other: "Account | DiasporaId") -> None:
        """Stop sharing with a person."""
        person = _id_of(other)
        told = {"person": str(person)}
        self._act("unshare", lambda me: self.adapter.unshare(me, person), told)

    def block(self, other: "Account | DiasporaId") -> None:
        """Want to hear nothing from a person."""
        person = _id_of(other)
        self._act("block", lambda me: self.adapter.block(me, person), {"person": str(person)})

    def unblock(self, other: "Account | DiasporaId") -> None:
        """Take a block back."""
        person = _id_of(other)
        self._act("unblock", lambda me: self.adapter.unblock(me, person), {"person": str(person)})

    def follow_tag(self, tag: str) -> None:
        """Want to see what is tagged so."""
        self._act("follow_tag", lambda me: self.adapter.follow_tag(me, tag), {"tag": tag})

    # What one says

    def photo(self, image: bytes, *, type_: str = "image/png", text: str = "") -> Ref:
        """Upload a photo; it is published with the post that names it."""
        return self._act("photo", lambda me: self.adapter.photo(me, image, type_, text), {})

    def post(
        self,
        text: str,
        *,
        to: str | Sequence[str] = "public",
        photos: Sequence[Ref] = (),
        location: Location | None = None,
        poll: Poll | None = None,
    ) -> Ref:
        """Post to the public, an aspect, or several aspects."""
        aspects = audience(to)
        draft = Draft(
            text=text, aspects=aspects, photos=tuple(photos), location=location, poll=poll
        )
        return self._post(draft)

    def invite(
        self,
        text: str,
        to_what: Invitation,
        *,
        to: str | Sequence[str] = "public",
        embed: str | None = None,
    ) -> Ref:
        """Post an invitation to an event."""
        return self._post(Draft(text=text, aspects=audience(to), invitation=to_what, embed=embed))

    def _post(self, draft: Draft) -> Ref:
        told = {
            "public": draft.aspects is None,
            "aspects": list(draft.aspects or ()),
            "mentions": list(mentioned(draft.text)),
            "photos": [photo.guid for photo in draft.photos],
            "poll": draft.poll is not None,
            "text": draft.text,
        }
        return self._act("post", lambda me: self.adapter.post(me, draft), told)

    def comment(self, on: Ref, text: str) -> Ref:
        """Comment on a post."""
        told = {"on": on.guid, "mentions": list(mentioned(text)), "text": text}
        return self._act("comment", lambda me: self.adapter.comment(me, on, text), told)

    def like(self, on: Ref) -> Ref:
        """Like a post or a comment."""
        told = {"on": on.guid, "target": on.kind}
        return self._act("like", lambda me: self.adapter.like(me, on), told)

    def unlike(self, on: Ref) -> None:
        """Take a like back."""
        told = {"on": on.guid, "target": on.kind}
        self._act("unlike", lambda me: self.adapter.unlike(me, on), told)

    def vote(self, on: Ref, answer: str) -> Ref:
        """Choose an answer in the poll of a post."""
        return self._act("vote", lambda me: self.adapter.vote(me, on, answer), {"on": on.guid})

    def answer(self, on: Ref, status: str = "accepted") -> Ref:
        """Answer the invitation of a post: accepted, declined or tentative."""
        told = {"on": on.guid, "status": status}
        return self._act("answer", lambda me: self.adapter.answer(me, on, status), told)

    def reshare(self, of: Ref) -> Ref:
        """Reshare a public post."""
        return self._act("reshare", lambda me: self.adapter.reshare(me, of), {"of": of.guid})

    def participate(self, on: Ref) -> None:
        """Want to be told what happens under a post."""
        self._act("participate", lambda me: self.adapter.participate(me, on), {"on": on.guid})

    def message(
        self, to: "Account | Sequence[Account]", text: str, *, subject: str = "Hello"
    ) -> Ref:
        """Start a private conversation with one person, or several."""
        people = [_id_of(other) for other in ([to] if isinstance(to, Account) else to)]
        conversation, _ = self._act(
            "conversation",
            lambda me: self.adapter.converse(me, people, subject, text),
            lambda made: {"to": list(map(str, people)), "message": made[1].guid, "text": text},
        )
        return conversation

    def reply(self, conversation: Ref, text: str) -> Ref:
        """Write into a conversation that one takes part in."""
        told = {"conversation": conversation.guid, "text": text}
        return self._act("reply", lambda me: self.adapter.reply(me, conversation, text), told)

    def retract(self, what: Ref) -> None:
        """Take something back."""
        told = {"kind": what.kind, "guid": what.guid}
        self._act("retract", lambda me: self.adapter.retract(me, what), told)

    # What one sees

    def view(self, what: Ref) -> View | None:
        """A post or conversation as the person sees it, or None."""
        return self.adapter.view(self._login(), what)

    def sees(self, what: Ref) -> bool:
        """Whether the person can open a post or a conversation."""
        return self.view(what) is not None

    def reads(self, what: Ref) -> frozenset[tuple[str, str]]:
        """Who has said what under a post or in a conversation, as the person sees it."""
        seen = self.view(what) or {}
        said = (*seen.get("comments", ()), *seen.get("messages", ()))
        return frozenset((short(str(each["author"])), str(each["text"])) for each in said)

    def stream(self) -> tuple[Ref, ...]:
        """The posts of the person's stream, newest first."""
        posts = self.adapter.stream(self._login())
        return tuple(Ref("post", str(post["guid"])) for post in posts)

    def contacts(self) -> dict[str, View]:
        """The person's contacts by diaspora ID, in the short form."""
        found = self.adapter.contacts(self._login())
        return {short(str(contact["diaspora_id"])): contact for contact in found}

    def profile(self) -> View:
        """The person's own profile."""
        return self.adapter.profile(self._login())

    def person(self, other: "Account | DiasporaId") -> View:
        """Another person, as known on the home pod."""
        return self.adapter.person(self._login(), _id_of(other))

    def aspects(self) -> tuple[str, ...]:
        """The names of the person's aspects, in order."""
        return tuple(str(each["name"]) for each in self.adapter.aspects(self._login()))

    def conversations(self) -> Sequence[View]:
        """The conversations that the person takes part in."""
        return self.adapter.conversations(self._login())

    def notifications(self) -> Sequence[View]:
        """What the person was notified of."""
        return self.adapter.notifications(self._login())

    def address_of(self, post: Ref) -> str:
        """The address of a post of the person's, as one pastes it into a search."""
        return f"https://{self.home.reach.host}/posts/{post.guid}"

    def link_to(self, post: Ref) -> str:
        """The `diaspora://` link to a post of the person's."""
        return f"diaspora://{self.diaspora_id}/post/{post.guid}"

    # How one leaves

    def export_archive(self) -> Archive:
        """Take one's archive."""
        adapter = self.adapter
        if not isinstance(adapter, CanMigrate):
            raise UsageError(f"{adapter.name} has no archives", "Mark it with needs(CanMigrate)")
        return Archive(self._act("export_archive", adapter.export_archive, {}))

    def delete(self) -> None:
        """Delete the account."""
        password = self.who.password
        self._act("delete", lambda me: self.adapter.delete_account(me, password), {})

    def _login(self) -> Login:
        if self.login is None:
            self.log_in()
        if self.login is None:
            raise UsageError(f"{self} could not log in")
        return self.login

    def _have_aspect(self, name: str) -> None:
        if name not in self.aspects():
            self.add_aspect(name)

    def _act(
        self,
        verb: str,
        deed: Callable[[Login], Made],
        arguments: Mapping[str, object] | Callable[[Made], Mapping[str, object]],
    ) -> Made:
        return self.home.act(self.diaspora_id, verb, self._login(), deed, arguments)


def _id_of(who: Account | DiasporaId) -> DiasporaId:
    return who.diaspora_id if isinstance(who, Account) else who


def _looked_up(found: Ref | DiasporaId | None) -> Mapping[str, object]:
    if isinstance(found, Ref):
        return {"post": found.guid}
    return {"person": str(found)} if found else {}
