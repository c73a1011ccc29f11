"""Signing up: a name on this pod is given out once.

Source: federation protocol section 1.1.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pod.domain import profiles
from pod.domain.entities import Profile
from pod.domain.errors import Invalid, NameTaken
from pod.domain.identity import DiasporaId
from pod.domain.people import Account, Person
from pod.domain.ports import Work

MIN_PASSWORD = 6

_USERNAME = re.compile(r"[a-z0-9._-]{1,32}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What is needed for an account; password hash and key are slow to make, hence made before."""

    username: str
    email: str
    password_hash: str
    private_key: str
    first_name: str | None = None
    last_name: str | None = None


def check_username(text: str) -> str:
    """A username as it will be used: stripped, lower case.

    Raises:
        Invalid: If it is none.
    """
    username = text.strip().lower()
    if _USERNAME.fullmatch(username) is None:
        raise Invalid(
            f"username {text[:40]!r}: 1 to 32 of the letters a-z, digits, dot, dash and underscore"
        )
    return username


def check_email(text: str) -> str:
    """An address that mail can be sent to.

    Raises:
        Invalid: If it is none.
    """
    email = text.strip()
    if len(email) > 255 or _EMAIL.fullmatch(email) is None:
        raise Invalid(f"email {text[:80]!r}: expected name@host")
    return email


def check_password(text: str) -> str:
    """A password that is not too easy to guess.

    Raises:
        Invalid: If it is too short.
    """
    if len(text) < MIN_PASSWORD:
        raise Invalid(f"password: at least {MIN_PASSWORD} characters are needed")
    return text


def is_available(work: Work, username: str) -> bool:
    """Whether nobody on this pod has, or ever had, that name."""
    diaspora_id = DiasporaId(f"{username}@{work.policy.host}")
    taken = work.accounts.by_username(username) or work.people.by_id(diaspora_id)
    return taken is None and work.migrations.alias(diaspora_id) is None


def register(
    work: Work, registration: Registration, *, state: Literal["open", "locked"] = "open"
) -> Account:
    """Make an account with its person.

    Raises:
        Invalid: If username, email or a name is malformed.
        NameTaken: If the username is, or was, in use.
    """
    username = check_username(registration.username)
    if not is_available(work, username):
        raise NameTaken(f"username {username} is taken, or was once; choose another")
    diaspora_id = DiasporaId(f"{username}@{work.policy.host}")
    person = Person(
        id=0,
        diaspora_id=diaspora_id,
        guid=work.ids.guid("person"),
        public_key=work.crypto.public_key(registration.private_key, is_own=True),
        pod_url=work.policy.url,
    )
    profile = Profile(
        author=diaspora_id,
        first_name=profiles.checked("first_name", registration.first_name),
        last_name=profiles.checked("last_name", registration.last_name),
    )
    credentials = {
        "email": check_email(registration.email),
        "password_hash": registration.password_hash,
        "private_key": registration.private_key,
    }
    return work.accounts.add(person, profile, credentials=credentials, state=state, now=work.now)
