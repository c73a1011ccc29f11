"""Who is meant by an ID, and where that person lives now."""

from collections.abc import Iterable

from pod.domain import text as words
from pod.domain.errors import PersonMissing
from pod.domain.identity import DiasporaId
from pod.domain.people import Account, Person
from pod.domain.ports import Work

MAX_MENTIONS = 10
"""People looked up for one text (federation protocol section 9, row 20)."""


def person_named(work: Work, diaspora_id: DiasporaId) -> Person:
    """The person of that ID, by the newest name known here.

    Raises:
        PersonMissing: If this pod does not know the ID.
    """
    return work.people.newest(work.people.need(diaspora_id))


def with_own_key(work: Work, diaspora_id: DiasporaId) -> Person:
    """The person of that ID, by that very name, with the key that discovery has pinned.

    Whatever a stub's key proves was said by whoever wrote the archive.

    Raises:
        PersonMissing: If this pod does not know the ID, or only from an archive.
    """
    person = work.people.need(diaspora_id)
    if person.stub:
        raise PersonMissing(person.diaspora_id)
    return person


def people_mentioned(work: Work, text: str) -> tuple[Person, ...]:
    """Who is mentioned in a text, as far as known.

    An unknown person is no reason to refuse the text: `pod.jobs.introductions` looked everybody up
    before, and who is unknown now could not be found.
    """
    return tuple(_known(work, words.mentioned(text)[:MAX_MENTIONS]))


def _known(work: Work, names: Iterable[DiasporaId]) -> Iterable[Person]:
    for name in names:
        try:
            yield person_named(work, name)
        except PersonMissing:
            continue


def account_here(work: Work, person: Person) -> Account | None:
    """The person's account, if this pod is the person's home now."""
    account = work.accounts.by_person(person)
    return None if account is None or account.state == "closed" else account
