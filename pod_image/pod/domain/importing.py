"""Pouring an archive into a new account.

All of it happens in one transaction, after everything that this pod knows of the old ID was given
to the new one. An item that cannot be merged is reported and skipped; it never stops the rest.

Source: seed specification sections 3, 5 and 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from pod.domain import importing_content, moving, new_identity, profiles, sharing
from pod.domain.archive import SETTINGS, Archive, ArchivedContact, KnownPerson, KnownPost
from pod.domain.entities import Profile
from pod.domain.errors import Conflict, Missing, NotFound, Refused
from pod.domain.identity import DiasporaId
from pod.domain.migrating import check_chain
from pod.domain.moving import Move
from pod.domain.people import Account, Person
from pod.domain.ports import Work

FIRST_ATTEMPT = timedelta(minutes=10)
"""When the pods of stubs are asked again for the first time."""

Name = TypeVar("Name", bound=str)


class Report:
    """What could not be merged, in the words that the account's owner is going to read."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self.lines = list(lines)

    def note(self, what: str, why: str) -> None:
        """Remember that something was left out."""
        self.lines.append(f"{what}: {why}")

    @contextmanager
    def part(self, work: Work, what: str) -> Iterator[None]:
        """Do something that is undone and noted if it cannot be done."""
        try:
            with work.part():
                yield
        except (Refused, Missing) as error:
            self.note(what, str(error))

    def each(
        self, work: Work, what: str, names: Iterable[Name], merge: Callable[[Name], None]
    ) -> None:
        """Do something with each of several things known by name, each on its own."""
        for name in names:
            with self.part(work, f"{what} {name}"):
                merge(name)


# --- what the network is asked for before --------------------------------------------------------


def unknown_people(work: Work, archive: Archive) -> tuple[DiasporaId, ...]:
    """Whom the archive names and this pod does not know."""
    return tuple(sorted(name for name in archive.people() if _is_unknown(work, name)))


def _is_unknown(work: Work, diaspora_id: DiasporaId) -> bool:
    known = work.people.by_id(diaspora_id)
    return known is None and work.migrations.alias(diaspora_id) is None


def said_to_have_moved(work: Work, archive: Archive) -> tuple[DiasporaId, ...]:
    """Of whom the archive says that they moved, which this pod has not heard."""
    people = (work.people.by_id(name) for name, told in archive.people().items() if told.moved_to)
    stale = (one for one in people if one is not None and work.migrations.of(one) is None)
    return tuple(sorted(one.diaspora_id for one in stale if not one.is_local))


def unknown_posts(work: Work, archive: Archive) -> tuple[KnownPost, ...]:
    """The public posts of others that the archive hangs on and this pod does not have."""
    return tuple(
        post
        for post in archive.others_posts
        if post.public
        and post.author != archive.owner
        and work.posts.by_guid(post.guid) is None
        and not work.migrations.is_retracted("Post", post.guid)
    )


# --- the transaction -----------------------------------------------------------------------------


def pour(work: Work, account: Account, archive: Archive, owner: Person) -> Report:
    """Make the account the owner's new identity here: migration first, then the archive.

    Raises:
        Conflict: If the move would close a circle of moves.
    """
    check_chain(work, owner, account.person)
    report = Report(archive.broken)
    profile = _take_profile(work, account, archive, owner)
    form, *others = moving.need_forms(work.policy)
    composed = moving.compose(work, account, archive.owner, archive.private_key)
    move = Move(
        old=owner,
        new=account.person,
        profile=profile,
        form=form,
        envelope=composed[form],
        second_envelope=composed[others[0]] if others else None,
        originated_here=True,
    )
    moving.apply(work, move)
    _make_stubs(work, account, archive, report)
    _take_settings(work, account, archive, report)
    importing_content.take_posts(work, account, archive, report)
    _take_people(work, account, archive, report)
    importing_content.take_interactions(work, account, archive, report)
    importing_content.take_conversations(work, account, archive, report)
    return report


def _take_profile(work: Work, account: Account, archive: Archive, owner: Person) -> Profile:
    """The profile under the new name; pictures stay where the old home serves them."""
    profile = replace(
        profiles.with_absolute_images(archive.profile, owner.pod_url),
        author=account.person.diaspora_id,
        edited_at=work.now.replace(microsecond=0),
    )
    work.people.set_profile(account.person, profile)
    return profile


def _take_settings(work: Work, account: Account, archive: Archive, report: Report) -> None:
    def follow(tag: str) -> None:
        work.sharing.follow_tag(account, sharing.normal_tag(tag))

    def add_aspect(name: str) -> None:
        if work.sharing.aspect(account, name) is None:
            sharing.add_aspect(work, account, name)

    report.each(work, "followed tag", archive.followed_tags, follow)
    report.each(work, "aspect", archive.aspects, add_aspect)
    settings = {name: archive.settings[name] for name in SETTINGS if name in archive.settings}
    chosen = settings.get("auto_follow_back_aspect")
    if chosen is not None and work.sharing.aspect(account, str(chosen)) is None:
        settings["auto_follow_back_aspect"] = None
        report.note(f"setting auto_follow_back_aspect {chosen}", "there is no such aspect")
    with report.part(work, "settings"):
        work.accounts.update(account, settings)


# --- people and posts that could not be had ------------------------------------------------------


def _make_stubs(work: Work, account: Account, archive: Archive, report: Report) -> None:
    """Let the archive's word stand for what could not be had, until it can be."""
    people = archive.people()
    for known in people.values():
        with report.part(work, f"person {known.diaspora_id}"):
            _link_moved(work, known)
    for name in unknown_people(work, archive):
        with report.part(work, f"person {name}"):
            _stub_person(work, account, people[name])
            report.note(f"person {name}", "cannot be found now; tried again within some days")
    for post in unknown_posts(work, archive):
        with report.part(work, f"post {post.guid} of {post.author}"):
            _stub_post(work, account, post)
            report.note(f"post {post.guid}", "cannot be fetched now; tried again within some days")


def _link_moved(work: Work, known: KnownPerson) -> None:
    """Of a moved person only the new name was found; the archive may tell the old key to it."""
    if work.people.by_id(known.diaspora_id) is None:
        new_identity.moved_on(work, known, f"https://{known.diaspora_id.host}/")


def _stub_person(work: Work, account: Account, known: KnownPerson) -> None:
    name = known.diaspora_id
    if known.guid is None or known.public_key is None:
        raise NotFound(f"{name} cannot be found, and the archive tells too little about them")
    public_key = work.crypto.canonical_key(known.public_key)
    if name.host == work.policy.host or work.people.by_key(public_key) is not None:
        raise Conflict(f"{name} cannot be found, and its key or name belong to somebody here")
    stub = Person(
        id=0,
        diaspora_id=name,
        guid=known.guid,
        public_key=public_key,
        pod_url=f"https://{name.host}/",
        stub=True,
    )
    work.people.add(stub, Profile(author=name), work.now)
    _complete_later(work, account, "person", name, name)


def _stub_post(work: Work, account: Account, known: KnownPost) -> None:
    author = work.people.newest(work.people.need(known.author))
    if author.id == account.person.id:
        return
    work.posts.add_stub(known.guid, author, known.type)
    _complete_later(work, account, "post", known.guid, known.author)


def _complete_later(
    work: Work, account: Account, kind: importing_content.StubKind, subject: str, at: DiasporaId
) -> None:
    work.completions.add(kind, subject, at, work.now + FIRST_ATTEMPT, account.id)


# --- contacts and blocks -------------------------------------------------------------------------


def _take_people(work: Work, account: Account, archive: Archive, report: Report) -> None:
    def block(name: DiasporaId) -> None:
        person = _other(work, account, name)
        work.sharing.block(account, person)

    # Blocks first: who is blocked is not shared with, whatever the archive says.
    report.each(work, "block", archive.blocks, block)
    for contact in archive.contacts:
        with report.part(work, f"contact {contact.person.diaspora_id}"):
            _take_contact(work, account, contact)


def _take_contact(work: Work, account: Account, archived: ArchivedContact) -> None:
    """Share with the person as before. Whether they share with us, only they can say."""
    person = _other(work, account, archived.person.diaspora_id)
    if not archived.receiving or work.sharing.is_blocked(account, person):
        return
    contact = work.sharing.set_contact(account, person, receiving=True)
    named = (work.sharing.aspect(account, name) for name in archived.aspects)
    for aspect in named:
        if contact is not None and aspect is not None:
            work.sharing.add_membership(contact, aspect)
    mirror = work.accounts.by_person(person)
    if mirror is not None and mirror.state != "closed":
        work.sharing.set_contact(mirror, account.person, sharing=True)


def _other(work: Work, account: Account, name: DiasporaId) -> Person:
    person = work.people.newest(work.people.need(name))
    if person.id == account.person.id:
        raise Conflict(f"{name} is the account's own person")
    if person.closed:
        raise NotFound(f"{name} is closed")
    return person
