"""Replacing stubs, which archives brought, by the real people and posts.

Source: seed specification section 6.
"""

from __future__ import annotations

from pod.domain.errors import Later
from pod.domain.identity import DiasporaId, Guid
from pod.jobs import discover, fetch
from pod.jobs.context import Context
from pod.store.tasks import Completion


def retry(context: Context, row: Completion) -> None:
    """Attempt to get what a stub stands for; if it is there already, there is nothing to do.

    Raises:
        Later: If it cannot be had now.
        Refused: If what was found contradicts the stub, or cannot be used.
    """
    if row.kind == "person":
        _complete_person(context, DiasporaId(row.subject))
    else:
        _complete_post(context, Guid(row.subject), row.at)


def _complete_person(context: Context, diaspora_id: DiasporaId) -> None:
    if _is_person_stub(context, diaspora_id):
        discover.discover(context, diaspora_id)
    if _is_person_stub(context, diaspora_id):
        raise Later(f"{diaspora_id} is still known only from an archive")


def _is_person_stub(context: Context, diaspora_id: DiasporaId) -> bool:
    with context.work() as work:
        person = work.people.by_id(diaspora_id)
    return person is not None and person.stub


def _complete_post(context: Context, guid: Guid, at: DiasporaId) -> None:
    if _is_post_stub(context, guid):
        fetch.fetch(context, "post", guid, at, at)
    if _is_post_stub(context, guid):
        raise Later(f"post {guid} is still known only from an archive")


def _is_post_stub(context: Context, guid: Guid) -> bool:
    with context.work() as work:
        post = work.posts.by_guid(guid)
    return post is not None and post.stub
