"""What each act of a person makes the model expect.

Source: federation protocol, sections 3.5, 3.6, 5.2, 6.4.
"""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urljoin

from harness.facts.identity import PodName
from harness.facts.journal import Act
from harness.verify.expectation import Expectation, Item
from harness.verify.moving import import_archive, settled
from harness.verify.undoing import delete, retract, unlike


def predict(acts: Iterable[Act], pod_of_host: Mapping[str, PodName]) -> Expectation:
    """Follow acts in order and say what the pods must hold afterwards."""
    model = Expectation(pod_of_host)
    for act in _that_took_place(acts):
        rule = RULES.get(act.verb)
        if rule is None:
            model.not_understood.append(act.verb)
            continue
        try:
            rule(model, act)
        except LookupError as error:  # it is about something that is not there, as far as we know
            model.not_understood.append(f"{act.verb} ({error})")
    return model


def _that_took_place(acts: Iterable[Act]) -> list[Act]:
    """The acts without the imports that were aborted."""
    left: list[Act] = []
    for act in acts:
        if act.verb == "abort_import":
            _drop_latest_import(left, act.arguments["old"])
        else:
            left.append(act)
    return left


def _drop_latest_import(acts: list[Act], old: str) -> None:
    for n in range(len(acts) - 1, -1, -1):
        if acts[n].verb == "import_archive" and acts[n].arguments["old"] == old:
            del acts[n]
            return


def _sign_up(model: Expectation, act: Act) -> None:
    """A person without relations: nothing to expect yet."""


def _look_up(model: Expectation, act: Act) -> None:
    post = model.items.get(act.arguments.get("post", ""))
    if post is None or not post.public:
        return
    if model.home(act.actor) not in post.holders:
        model.spread(post, {model.home(act.actor)})
    post.subscribers.add(act.actor)


def _participate(model: Expectation, act: Act) -> None:
    model.items[act.arguments["on"]].subscribers.add(act.actor)


def _add_aspect(model: Expectation, act: Act) -> None:
    model.aspects.setdefault((act.actor, act.arguments["name"]), [])


def _share(model: Expectation, act: Act) -> None:
    person = act.arguments["person"]
    model.share(act.actor, person)
    wanted = set(act.arguments["aspects"])
    for (owner, name), members in model.aspects.items():
        if owner == act.actor and name not in wanted and person in members:
            members.remove(person)
    for name in wanted:
        members = model.aspects.setdefault((act.actor, name), [])
        if person not in members:
            members.append(person)
    if not model.knows_of_move(model.home(act.actor), person):
        model.shares.discard((act.actor, person))
        model.defer(
            model.home(act.actor),
            person,
            lambda: model.share(act.actor, model.newest(person)),
        )


def _unshare(model: Expectation, act: Act) -> None:
    person = act.arguments["person"]
    model.shares.discard((act.actor, person))
    for (owner, _), members in model.aspects.items():
        if owner == act.actor and person in members:
            members.remove(person)


def _block(model: Expectation, act: Act) -> None:
    model.blocks.add((act.actor, act.arguments["person"]))
    _unshare(model, act)


def _unblock(model: Expectation, act: Act) -> None:
    model.blocks.discard((act.actor, act.arguments["person"]))


def _follow_tag(model: Expectation, act: Act) -> None:
    model.tags.add((act.actor, act.arguments["tag"]))


def _edit_profile(model: Expectation, act: Act) -> None:
    changed = dict(act.arguments)
    if changed.get("image_url"):  # a relative one belongs to the pod where the person lives now
        host = act.actor.partition("@")[2]
        changed["image_url"] = urljoin(f"https://{host}/", str(changed["image_url"]))
    model.profiles.setdefault(act.actor, {}).update(changed)


def _nothing_federated(model: Expectation, act: Act) -> None:
    """Exports and the like: nothing that a pod must hold."""


def _photo(model: Expectation, act: Act) -> None:
    for ref in act.refs:
        model.add(
            Item(ref.kind, ref.guid, act.actor, ref.guid, public=True), [model.home(act.actor)]
        )


def _post(model: Expectation, act: Act) -> None:
    public = bool(act.arguments["public"])
    mentioned = {model.newest(person) for person in act.arguments.get("mentions", ())}
    members = {
        member
        for name in act.arguments.get("aspects", ())
        for member in model.aspects.get((act.actor, name), [])
    }
    audience = model.contacts(act.actor) | mentioned if public else members
    guid = act.refs[0].guid
    item = Item("post", guid, act.actor, guid, public, audience=set() if public else members)
    model.add(item, {model.home(act.actor)} | model.pods(audience))
    if public:
        item.subscribers |= mentioned
    for photo in act.arguments.get("photos", ()):
        model.items[photo].root = guid
        model.items[photo].public = public
        model.items[photo].holders |= item.holders


def _reaches(model: Expectation, root: Item) -> set[PodName]:
    """The pods to which the root author's pod relays what happens under a post."""
    if not root.public:
        return {pod for pod in model.pods(root.audience) if pod in root.holders}
    people = root.subscribers | model.contacts(root.author)
    return model.pods(people)


def _interact(model: Expectation, act: Act, kind: str, root: Item, target: str) -> None:
    item = Item(kind, act.refs[0].guid, act.actor, root.guid, root.public, target=target)
    model.add(item, {model.home(act.actor)})

    def relay() -> None:
        if (root.author, item.author) in model.blocks:
            return
        pods = _reaches(model, root) | {model.home(root.author)}
        if root.public:
            root.subscribers.add(item.author)
            pods |= model.pods(act.arguments.get("mentions", ()))
            model.spread(root, pods)
        item.holders |= pods

    writer = model.home(act.actor)
    stale = next((old for old in model.moved if model.newest(old) == root.author), "")
    if stale and not model.knows_of_move(writer, stale):
        model.defer(model.home(act.actor), stale, relay)
    else:
        relay()


def _comment(model: Expectation, act: Act) -> None:
    root = model.items[act.arguments["on"]]
    _interact(model, act, "comment", root, root.guid)


def _like(model: Expectation, act: Act) -> None:
    target = model.items[act.arguments["on"]]
    _interact(model, act, "like", model.items[target.root], target.guid)


def _vote(model: Expectation, act: Act) -> None:
    root = model.items[act.arguments["on"]]
    _interact(model, act, "poll_participation", root, root.guid)


def _answer(model: Expectation, act: Act) -> None:
    root = model.items[act.arguments["on"]]
    _interact(model, act, "event_participation", root, root.guid)


def _reshare(model: Expectation, act: Act) -> None:
    root = model.items[act.arguments["of"]]
    guid = act.refs[0].guid
    item = Item("post", guid, act.actor, guid, public=True, target=root.guid)
    people = model.contacts(act.actor) | {root.author}
    model.add(item, {model.home(act.actor)})
    model.spread(item, model.pods(people))
    root.subscribers.add(act.actor)


def _conversation(model: Expectation, act: Act) -> None:
    guid, message = act.refs[0].guid, act.arguments["message"]
    people = {act.actor, *act.arguments["to"]}
    talk = Item("conversation", guid, act.actor, guid, public=False, audience=people)
    model.add(talk, [])
    model.add(Item("message", message, act.actor, guid, public=False), [])
    _deliver_privately(model, act.actor, talk, [talk, model.items[message]])


def _reply(model: Expectation, act: Act) -> None:
    talk = model.items[act.arguments["conversation"]]
    item = model.add(Item("message", act.refs[0].guid, act.actor, talk.guid, public=False), [])
    _deliver_privately(model, act.actor, talk, [item])


def _deliver_privately(model: Expectation, actor: str, talk: Item, items: list[Item]) -> None:
    def arrive(person: str) -> Callable[[], None]:
        def deed() -> None:
            for item in items:
                item.holders.add(model.home(person))

        return deed

    for person in talk.audience | {actor}:
        old = next((a for a in model.moved if person in (a, model.newest(a))), "")
        if old and not model.knows_of_move(model.home(actor), old):
            model.defer(model.home(actor), old, arrive(old))
        else:
            arrive(person)()
    talk.audience = {model.newest(person) for person in talk.audience}


Rule = Callable[[Expectation, Act], None]

RULES: Mapping[str, Rule] = {
    "sign_up": _sign_up,
    "look_up": _look_up,
    "participate": _participate,
    "add_aspect": _add_aspect,
    "share": _share,
    "unshare": _unshare,
    "block": _block,
    "unblock": _unblock,
    "follow_tag": _follow_tag,
    "edit_profile": _edit_profile,
    "export_archive": _nothing_federated,
    "restored": _nothing_federated,
    "photo": _photo,
    "post": _post,
    "comment": _comment,
    "like": _like,
    "unlike": unlike,
    "vote": _vote,
    "answer": _answer,
    "reshare": _reshare,
    "conversation": _conversation,
    "reply": _reply,
    "retract": retract,
    "delete": delete,
    "import_archive": import_archive,
    "abort_import": _nothing_federated,  # what was aborted is left out of the acts
    "settled": settled,
}
