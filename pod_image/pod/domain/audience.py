"""Who is sent what happens to a post, and how.

A public post goes to the pods of its subscribers, a limited one encrypted to everybody it was
addressed to; what hangs on the post goes the same way. Only the root author's pod decides this.

Source: federation protocol sections 3.5, 3.6, 3.8 and 5.2.
"""

from collections.abc import Iterable

from pod.domain.attribution import account_here
from pod.domain.content import Post
from pod.domain.entities import Comment, Entity
from pod.domain.errors import NotFound
from pod.domain.identity import Guid
from pod.domain.people import Account, Person
from pod.domain.ports import Work


def visible_post(work: Work, account: Account, guid: str) -> Post:
    """A post that the account may see.

    Raises:
        NotFound: If there is none; whether there is one for others is not told.
    """
    post = work.posts.by_guid(guid)
    if post is None or not work.posts.is_visible(post, account):
        raise NotFound(f"there is no post {guid} for you here")
    return post


def mentioning_posts(work: Work, account: Account) -> tuple[Post, ...]:
    """The posts that mention the account's owner and that the account may see."""
    found = work.posts.mentioning(account.person)
    return tuple(post for post in found if work.posts.is_visible(post, account))


def mentioners(work: Work, account: Account) -> tuple[Person, ...]:
    """Who mentions the account's owner, in a post or under whose; of what the account may see."""
    comments = work.interactions.mentioning(account.person)
    under = [each for each in comments if work.posts.is_visible(each.root, account)]
    said = (post.author for post in mentioning_posts(work, account))
    return (*said, *(who for each in under for who in (each.author, each.root.author)))


def unite(groups: Iterable[Iterable[Person]], *, without: Person) -> tuple[Person, ...]:
    """Everybody in any of the groups but one person, each once, in the order of the groups."""
    people = {person.id: person for group in groups for person in group}
    return tuple(person for person in people.values() if person.id != without.id)


def subscribers(work: Work, post: Post) -> tuple[Person, ...]:
    """Whom the author's pod tells about a post and about what happens to it."""
    if not post.public:
        return unite([work.posts.audience(post)], without=post.author)
    account = account_here(work, post.author)
    contacts = () if account is None else work.sharing.contacts(account)
    groups = (
        [contact.person for contact in contacts],
        [reshare.author for reshare in work.posts.reshares_of(post)],
        work.interactions.participants(post),
        work.posts.mentioned(post),
        work.interactions.authors_on(post),
        [post.root_author] if post.root_author else [],
    )
    return unite(groups, without=post.author)


def readers(work: Work, post: Post, comment: Guid | None = None) -> tuple[Person, ...]:
    """Whom something on the post is sent to: a public comment also to those it mentions."""
    groups = [subscribers(work, post)]
    if comment is not None and post.public:
        groups.append(work.interactions.mentioned(comment))
    return unite(groups, without=post.author)


def readers_of(work: Work, post: Post, entity: Entity) -> tuple[Person, ...]:
    """Whom this entity, which hangs on the post, is sent to."""
    return readers(work, post, entity.guid if isinstance(entity, Comment) else None)


def send(
    work: Work,
    entity: Entity,
    sender: Account,
    post: Post,
    to: Iterable[Person],
    except_pods: Iterable[str] = (),
) -> None:
    """Send an entity on the route of the post: once per pod, or encrypted to each person."""
    if post.public:
        work.outbox.public(entity, sender, to, except_pods=except_pods)
    else:
        present = [person for person in to if not person.closed]
        work.outbox.private(entity, sender, present, except_pods=except_pods)


def send_to_root(work: Work, entity: Entity, sender: Account, root: Post) -> None:
    """Send something to the pod of a remote root author, which passes it on."""
    if root.public:
        work.outbox.public(entity, sender, (root.author,), concerns=root.author)
    else:
        work.outbox.private(entity, sender, (root.author,))
