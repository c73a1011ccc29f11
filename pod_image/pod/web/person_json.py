"""People as the user API shows them."""

from dataclasses import fields

from pod.domain import profiles
from pod.domain.entities import Profile
from pod.domain.people import Account, Person
from pod.store.unit_of_work import UnitOfWork


def profile_json(profile: Profile) -> dict[str, object]:
    """The fields that a person may edit."""
    names = (field.name for field in fields(Profile) if field.name in profiles.EDITABLE)
    values = {name: getattr(profile, name) for name in names}
    birthday = None if profile.birthday is None else profile.birthday.isoformat()
    return {**values, "birthday": birthday}


def person_json(work: UnitOfWork, account: Account, person: Person) -> dict[str, object]:
    """A person as known here, as far as the account may see."""
    newest = work.people.newest(person)
    profile = work.people.profile(person)
    shown = profile if _may_see(work, account, person) else profiles.without_extended(profile)
    return {
        "diaspora_id": person.diaspora_id,
        "guid": person.guid,
        "pod": person.pod_url,
        "local": person.is_local,
        "closed": person.closed,
        "stub": person.stub,
        "profile": profile_json(shown),
        "moved_to": newest.diaspora_id if newest.id != person.id else None,
    }


def _may_see(work: UnitOfWork, account: Account, person: Person) -> bool:
    """Whether the account is entitled to bio and the like; other pods send only what it is."""
    if not person.is_local or person.id == account.person.id or work.people.profile(person).public:
        return True
    contact = work.sharing.contact(account, person)
    return contact is not None and contact.sharing
