"""What local people are told about posts and what happens to them.

Who is mentioned is recorded on the way: a mention is a row of its own, for local and remote people.
"""

from pod.domain.attribution import account_here, people_mentioned
from pod.domain.content import Post
from pod.domain.entities import Comment, EventParticipation, Like, PollParticipation, Relayable
from pod.domain.people import Person
from pod.domain.ports import Work

_KINDS: dict[type[Relayable], str] = {
    Comment: "commented",
    Like: "liked",
    PollParticipation: "voted",
    EventParticipation: "answered",
}


def mention_in_post(work: Work, post: Post, text: str) -> None:
    """Record whom a post mentions, and tell those who live here and may see it."""
    people = people_mentioned(work, text)
    work.posts.mention(people, post=post)
    _tell_mentioned(work, people, post, post.author)


def mention_in_comment(work: Work, comment: Comment, author: Person, root: Post) -> None:
    """Record whom a comment mentions, and tell those who live here and may see the post."""
    people = people_mentioned(work, comment.text)
    work.interactions.mention(people, comment=comment.guid)
    _tell_mentioned(work, people, root, author)


def _tell_mentioned(work: Work, people: tuple[Person, ...], post: Post, by: Person) -> None:
    for account in work.accounts.local(people):
        if account.person.id != by.id and work.posts.is_visible(post, account):
            work.notifications.add(account, "mentioned", by, work.now, target_guid=post.guid)


def tell_reshared(work: Work, root: Post, by: Person) -> None:
    """Tell a local author that a post was reshared."""
    _tell_author(work, root, by, "reshared")


def tell_interaction(work: Work, entity: Relayable, by: Person, root: Post) -> None:
    """Tell a local author of the post, and of a new comment those who follow the discussion."""
    _tell_author(work, root, by, _KINDS[type(entity)])
    if not isinstance(entity, Comment):
        return
    for account in work.accounts.local(work.interactions.participants(root)):
        if account.person.id not in (by.id, root.author.id):
            work.notifications.add(account, "also_commented", by, work.now, target_guid=root.guid)


def _tell_author(work: Work, post: Post, by: Person, kind: str) -> None:
    account = account_here(work, post.author)
    if account is not None and account.person.id != by.id:
        work.notifications.add(account, kind, by, work.now, target_guid=post.guid)
