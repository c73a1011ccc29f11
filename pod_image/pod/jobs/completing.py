"""Replacing stubs, which archives brought, by the real people and posts.

Source: seed specification section 6.
"""

from __future__ import annotations

from pod.domain.errors import Conflict, Later, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.jobs import discover as discovery
from pod.jobs import fetch
from pod.jobs.context import Context
from pod.store import false_stubs
from pod.store.tasks import Completion


def retry(context: Context, row: Completion) -> None:
    """Attempt to get what a stub stands for; if it is there already, there is nothing to do.

    Raises:
        Later: If it cannot be had now.
        Refused: If what was found cannot be used.
    """
    if row.kind == "person":
        _complete_person(context, row)
    else:
        _complete_post(context, Guid(row.subject), row.at)


def _complete_person(context: Context, row: Completion) -> None:
    diaspora_id = DiasporaId(row.subject)
    if _person_stub(context, diaspora_id) is None:
        return
    discover(context, diaspora_id)
    if _person_stub(context, diaspora_id) is not None:
        raise Later(f"{diaspora_id} is still known only from an archive")


def discover(context: Context, diaspora_id: DiasporaId) -> None:
    """Find out who somebody is; a stub that is not who the home pod shows gives way.

    Raises:
        NotFound: If there is no such person.
        Conflict: If GUID or key belong to another ID, or are not those that discovery has pinned.
        Later: If the home pod cannot be asked now.
    """
    stub = _person_stub(context, diaspora_id)
    try:
        discovery.discover(context, diaspora_id)
    except Conflict:
        if stub is None:
            raise
        _replace_false(context, stub)


def _replace_false(context: Context, stub: Person) -> None:
    """The archive told a key or GUID that is not the person's: nothing that rests on it is true."""
    with context.work() as work:
        false_stubs.set_aside(work, stub)
    try:
        real = discovery.discover(context, stub.diaspora_id)
    except (Later, Refused):
        with context.work() as work:
            false_stubs.put_back(work, stub)
        raise
    with context.work() as work:
        false_stubs.replace(work, stub, real)
        account_id = work.completions.whose("person", stub.diaspora_id)
        if account_id is not None:
            account = work.accounts.get(account_id)
            text = (
                f"Your archive told another key or GUID of {stub.diaspora_id} than their own pod.\n"
                "What it said they had written was removed.\n"
            )
            work.mails.add(account.email, "Your archive was wrong about a person", text, work.now)


def _person_stub(context: Context, diaspora_id: DiasporaId) -> Person | None:
    with context.work() as work:
        person = work.people.by_id(diaspora_id)
    return person if person is not None and person.stub else None


def _complete_post(context: Context, guid: Guid, at: DiasporaId) -> None:
    if _is_post_stub(context, guid):
        fetch.fetch(context, "post", guid, at, at)
    if _is_post_stub(context, guid):
        raise Later(f"post {guid} is still known only from an archive")


def _is_post_stub(context: Context, guid: Guid) -> bool:
    with context.work() as work:
        post = work.posts.by_guid(guid)
    return post is not None and post.stub
