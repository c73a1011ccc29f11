"""The common past of the cast, acted out through the federation.

After each part the federation settles, since people answer only what has reached them.
"""

from harness.facts.reference import Ref
from harness.federation import Account, Federation
from harness.seeding.cast import Role
from harness.seeding.stage import Stage
from harness.seeding.texts import Texts


def sign_up(federation: Federation, roles: tuple[Role, ...], texts: Texts) -> dict[str, Account]:
    """Let everybody have an account with a profile, and their aspects."""
    people = {role.name: federation[role.pod].sign_up(role.username) for role in roles}
    for role in roles:
        people[role.name].edit_profile(**texts.profile(role))
        for aspect in role.aspects:
            people[role.name].add_aspect(aspect)
    return people


def get_acquainted(roles: tuple[Role, ...], people: dict[str, Account]) -> None:
    """Let people look each other up, and share."""
    for role in roles:
        for other in role.looks_up:
            people[role.name].look_up(people[other])
        for other, aspects in role.shares.items():
            people[role.name].share(people[other], aspects)


def turn_away(roles: tuple[Role, ...], people: dict[str, Account]) -> None:
    """Let people follow tags, and block whom they do not like."""
    for role in roles:
        for tag in role.tags:
            people[role.name].follow_tag(tag)
        for other in role.blocks:
            people[role.name].block(people[other])


def act(stage: Stage) -> None:
    """Let people post, answer, and talk in private."""
    for part in (post, post_in_private, converse, answer, answer_in_private, answer_again, retract):
        part(stage)
        stage.federation.settle()


def post(stage: Stage) -> None:
    """What everybody may read."""
    stage.post("carol_public")
    stage.post("carol_public_mentions", mentions=["alice", "bob"])
    stage.post("carol_public_poll", poll=3)
    stage.post("carol_public_photos", photos=2, at_a_place=True)
    stage.post("alice_public", mentions=["carol"])
    stage.post("alice_public_poll", poll=2)
    stage.post("bob_public", mentions=["carol", "alice"])
    stage.post("bob_public_photo", photos=1)
    stage.post("debora_public")
    stage.post("other_carol_public")


def post_in_private(stage: Stage) -> None:
    """What only some may read; debora, alice and bob are in different pairs of carol's aspects."""
    stage.post("carol_limited_friends", to="friends", mentions=["alice"])
    stage.post("carol_limited_family", to="family", poll=2)
    stage.post("carol_limited_work", to=["work", "friends"], photos=1, at_a_place=True)
    stage.post("alice_limited", to="friends")
    stage.post("alice_limited_choir", to="choir", mentions=["bob"])
    stage.post("bob_limited", to="friends", photos=1)
    stage.post("debora_limited", to="neighbours")


def converse(stage: Stage) -> None:
    """Between two pods, three pods, and on one."""
    stage.converse("carol_alice", to=["alice"])
    stage.converse("alice_carol_bob", to=["carol", "bob"])
    stage.converse("carol_alice_bob_debora", to=["alice", "bob", "debora"])
    stage.converse("debora_carol", to=["carol"])


def answer(stage: Stage) -> None:
    """What people say to public posts."""
    stage.comment("alice_on_carol_public", "carol_public")
    stage.comment("bob_on_carol_public", "carol_public", mentions=["carol"])
    stage.comment("debora_on_carol_public", "carol_public")
    stage.comment("carol_on_alice_public", "alice_public", mentions=["alice"])
    stage.comment("carol_on_bob_public", "bob_public")
    stage.comment("alice_on_bob_public", "bob_public")
    for who, what in (
        ("alice", "carol_public"),
        ("bob", "carol_public"),
        ("debora", "carol_public_photos"),
        ("fay", "carol_public"),
        ("carol", "alice_public"),
        ("carol", "bob_public"),
        ("carol", "debora_public"),
    ):
        stage.like(who, what)
    stage.vote("alice", "carol_public_poll", 1)
    stage.vote("bob", "carol_public_poll", 2)
    stage.vote("debora", "carol_public_poll", 1)
    stage.vote("carol", "alice_public_poll", 2)
    stage.vote("bob", "alice_public_poll", 1)
    stage.reshare("bob_reshares_carol", "carol_public_photos")
    stage.reshare("carol_reshares_alice", "alice_public")
    stage.reshare("alice_reshares_bob", "bob_public_photo")
    stage.people["bob"].participate(stage.made.posts["carol_public_mentions"])


def answer_in_private(stage: Stage) -> None:
    """What people say to limited posts, and in conversations."""
    stage.comment("alice_on_carol_limited", "carol_limited_friends")
    stage.comment("debora_on_carol_limited", "carol_limited_friends", mentions=["alice"])
    stage.comment("bob_on_carol_family", "carol_limited_family")
    stage.comment("carol_on_alice_limited", "alice_limited")
    stage.comment("carol_on_bob_limited", "bob_limited")
    stage.comment("carol_on_debora_limited", "debora_limited")
    stage.like("alice", "carol_limited_friends")
    stage.like("bob", "carol_limited_family")
    stage.like("carol", "bob_limited")
    stage.vote("bob", "carol_limited_family", 1)
    stage.vote("debora", "carol_limited_family", 2)
    stage.reply("alice_to_carol", "carol_alice")
    stage.reply("carol_to_alice_bob", "alice_carol_bob")
    stage.reply("bob_to_alice_carol", "alice_carol_bob")
    stage.reply("bob_to_all", "carol_alice_bob_debora")
    stage.reply("carol_to_debora", "debora_carol")


def answer_again(stage: Stage) -> None:
    """What people say to answers."""
    stage.like("carol", "bob_on_carol_public")
    stage.like("bob", "carol_on_alice_public")
    stage.like("alice", "bob_on_carol_public")
    stage.like("carol", "alice_on_carol_limited")
    stage.comment("carol_on_carol_public", "carol_public", mentions=["debora", "bob"])
    stage.comment("carol_on_carol_limited", "carol_limited_friends")
    stage.comment("carol_on_bob_reshares", "bob_reshares_carol")
    stage.comment("bob_on_carol_reshares", "carol_reshares_alice")
    stage.like("alice", "bob_reshares_carol")


def retract(stage: Stage) -> None:
    """What people have thought better of."""
    slips: list[tuple[str, Ref]] = [
        ("bob", stage.comment("bob_slip", "alice_public")),
        ("carol", stage.post("carol_slip")),
    ]
    stage.federation.settle()
    for who, slip in slips:
        stage.people[who].retract(slip)
    del stage.made.comments["bob_slip"], stage.made.posts["carol_slip"]
