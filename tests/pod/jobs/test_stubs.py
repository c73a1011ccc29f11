"""What an archive tells stands for people and posts that cannot be had, but not for long."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pod.domain.entities import (
    AccountDeletion,
    AccountRename,
    Comment,
    Contact,
    Entity,
    Profile,
    StatusMessage,
)
from pod.domain.entities import Person as Identity
from pod.domain.identity import DiasporaId, Guid
from pod.jobs.crypto import WireCrypto
from pod.wire import encrypted_envelope, entities, keys, magic_envelope
from pod.wire.json_form import to_json
from tests.pod.house import (
    Cast,
    cast,
    document,
    export,
    import_document,
    mails,
    reshared_by_alice,
)
from tests.pod.rooms import private_key

BOB = DiasporaId("bob@pod3.test")


def _stubs(played: Cast, pod: str) -> set[str]:
    rows = played.pods.state(pod, "person", "post")
    return {key for (_, key), fields in rows.items() if fields["stub"]}


def test_who_cannot_be_reached_becomes_a_stub_that_is_completed_later(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        pods, made = played.pods, played.made
        archive = export(played.carol)
        pods.away.add("pod3.test")
        lines = import_document(played, document(archive), "pod4")
        assert _stubs(played, "pod4") == {"bob@pod3.test", made["bobs"]}
        assert len([line for line in lines if "tried again within some days" in line]) == 2
        rows = pods.state("pod4", "comment")
        assert rows["comment", made["carols comment"]]["author"] == "christy@pod4.test"
        assert rows["comment", made["bobs comment"]]["author"] == "bob@pod3.test"
        pods.away.clear()
        pods.pass_time(timedelta(minutes=10))
        assert _stubs(played, "pod4") == set()
        assert pods.state("pod4", "post")["post", made["bobs"]]["text"] == "bob's own"
        with pods["pod4"].context.work() as work:
            count = work.connection.exec_driver_sql("SELECT count(*) FROM completions")
            assert count.scalar_one() == 0


def test_whoever_has_said_something_under_a_post_is_discovered(tmp_path: Path) -> None:
    """None of the three is a contact of carol's, and pod4 has never heard of them."""
    with cast(tmp_path) as played:
        path = f"/api/posts/{played.made['public']}"
        said = (
            ("erin", f"{path}/comments", {"text": "welcome"}),
            ("gus", f"{path}/likes", None),
            ("hal", f"{path}/votes", {"answer": "pod3"}),
        )
        people = []
        for name, where, what in said:
            stranger = played.pods.sign_up(name, "pod3")
            stranger.call("POST", where, what)
            people.append(stranger.diaspora_id)
        played.pods.settle()
        import_document(played, document(export(played.carol)), "pod4")
        assert _stubs(played, "pod4") == set()
        rows = played.pods.state("pod4", "comment", "like", "poll_participation")
        assert {fields["author"] for fields in rows.values()} >= set(people)


def test_the_stub_of_a_reshare_is_a_reshare(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        shared = reshared_by_alice(played)
        archive = export(played.carol)
        played.pods.away.add("pod2.test")
        import_document(played, document(archive), "pod4")
        assert _stubs(played, "pod4") == {"alice@pod2.test", shared}
        stub = played.pods.state("pod4", "post")["post", shared]
        assert (stub["kind"], stub["author"]) == ("reshare", "alice@pod2.test")
        played.pods.away.clear()
        played.pods.pass_time(timedelta(minutes=10))
        assert _stubs(played, "pod4") == set()
        whole = played.pods.state("pod4", "post")["post", shared]
        assert whole["root_guid"] == played.made["public"]


def test_after_four_attempts_in_vain_the_owner_gets_a_mail(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        pods = played.pods
        archive = export(played.carol)
        pods.away.add("pod3.test")
        import_document(played, document(archive), "pod4")
        asked = []
        for wait in (
            timedelta(minutes=10),
            timedelta(hours=1),
            timedelta(days=1),
            timedelta(days=3),
        ):
            subjects = [subject for _, subject, _ in mails(pods, "pod4")]
            asked.append(subjects.count("A person of your archive could not be found"))
            pods.pass_time(wait)
        subjects = [subject for _, subject, _ in mails(pods, "pod4")]
        assert (asked, subjects.count("A person of your archive could not be found")) == (
            [0] * 4,
            1,
        )
        assert subjects.count("A post of your archive could not be found") == 1
        assert _stubs(played, "pod4") == {"bob@pod3.test", played.made["bobs"]}


def test_a_stub_with_a_false_key_gives_way_to_the_real_person(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        pods, crypto, forger = played.pods, WireCrypto(), private_key(20, "pod3")
        content = document(export(played.carol))
        contacts = content["user"]["contacts"]
        bob = next(each for each in contacts if each["account_id"] == "bob@pod3.test")
        bob["public_key"] = crypto.public_key(forger)
        forged = Comment(
            author=DiasporaId("bob@pod3.test"),
            guid=Guid("f0" * 16),
            parent_guid=Guid(played.made["public"]),
            text="I am a fool",
        )
        theirs = content["others_data"]["relayables"]
        theirs.append(to_json(crypto.sign_relayable(forged, forger)))
        pods.away.add("pod3.test")
        import_document(played, content, "pod4")
        comments = {key for _, key in pods.state("pod4", "comment")}
        assert forged.guid in comments
        assert played.made["bobs comment"] not in comments
        pods.away.clear()
        pods.pass_time(timedelta(minutes=10))
        people = pods.state("pod4", "person", "contact")
        assert people["person", "bob@pod3.test"]["stub"] is False
        assert ("contact", "christy@pod4.test→bob@pod3.test") in people
        assert not any("false" in key for _, key in people)
        assert forged.guid not in {key for _, key in pods.state("pod4", "comment")}
        assert "Your archive was wrong about a person" in [
            subject for _, subject, _ in mails(pods, "pod4")
        ]


def _import_with_false_key(played: Cast, forger: str) -> None:
    """carol's archive says that bob, whose pod is away, has the forger's key."""
    content = document(export(played.carol))
    contacts = content["user"]["contacts"]
    bob = next(each for each in contacts if each["account_id"] == BOB)
    bob["public_key"] = WireCrypto().public_key(forger)
    played.pods.away.add("pod3.test")
    import_document(played, content, "pod4")


def _sealed(entity: Entity, sender: DiasporaId, key: str) -> bytes:
    return magic_envelope.seal(entities.encode(entity), sender, keys.load_own(key))


def _spoken(played: Cast, forger: str) -> tuple[Entity, ...]:
    """What would come true if the forger's key were bob's."""
    with played.pods["pod4"].context.work() as work:
        dave = work.people.need(DiasporaId("dave@pod4.test"))
    identity = Identity(
        guid=dave.guid,
        author=dave.diaspora_id,
        url=dave.pod_url,
        profile=Profile(author=dave.diaspora_id),
        exported_key=dave.public_key,
    )
    comment = Comment(author=BOB, guid=Guid("f1" * 16), parent_guid=Guid("f0" * 16), text="I, too")
    return (
        StatusMessage(author=BOB, guid=Guid("f0" * 16), public=True, text="I am a fool"),
        WireCrypto().sign_relayable(comment, forger),
        replace(comment, guid=Guid("f2" * 16), parent_guid=Guid(played.made["public"])),
        Profile(author=BOB, first_name="Fool", public=True),
        AccountRename(author=BOB, person=identity),
        AccountDeletion(author=BOB),
    )


def test_nothing_that_comes_from_elsewhere_is_verified_with_a_stubs_key(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        pods, forger = played.pods, private_key(20, "pod3")
        _import_with_false_key(played, forger)
        before = pods.state("pod4")
        core = pods["pod4"]
        for entity in _spoken(played, forger):
            core.handle("POST", "/receive/public", [], _sealed(entity, BOB, forger))
        with core.context.work() as work:
            dave = work.people.need(DiasporaId("dave@pod4.test"))
        shares = _sealed(Contact(author=BOB, recipient=dave.diaspora_id), BOB, forger)
        body = encrypted_envelope.wrap(shares, keys.load_public(dave.public_key))
        core.handle("POST", f"/receive/users/{dave.guid}", [], body)
        pods.settle()
        assert pods.state("pod4") == before


def test_what_others_relay_is_not_verified_with_a_stubs_key(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        pods, forger = played.pods, private_key(20, "pod3")
        post = played.alice.call("POST", "/api/posts", {"text": "Hi", "public": True})["guid"]
        pods.settle()
        played.dave.find(f"diaspora://{played.alice.diaspora_id}/post/{post}")
        _import_with_false_key(played, forger)
        before = pods.state("pod4")
        comment = Comment(author=BOB, guid=Guid("f1" * 16), parent_guid=Guid(post), text="Fool")
        with pods["pod2"].context.work() as work:
            alice = work.accounts.by_username("alice")
        assert alice is not None
        relayed = WireCrypto().sign_relayable(comment, forger)
        envelope = _sealed(relayed, alice.person.diaspora_id, alice.private_key)
        pods["pod4"].handle("POST", "/receive/public", [], envelope)
        pods.settle()
        assert pods.state("pod4") == before


def test_a_stub_with_a_false_key_gives_way_when_the_real_person_speaks(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        pods = played.pods
        _import_with_false_key(played, private_key(20, "pod3"))
        pods.away.clear()
        post = played.bob.call("POST", "/api/posts", {"text": "It is me", "public": True})["guid"]
        with pods["pod3"].context.work() as work:
            bob = work.accounts.by_username("bob")
        assert bob is not None
        entity = StatusMessage(author=BOB, guid=Guid(post), public=True, text="It is me")
        pods["pod4"].handle("POST", "/receive/public", [], _sealed(entity, BOB, bob.private_key))
        pods.settle()
        state = pods.state("pod4", "post", "person")
        assert state["post", post]["author"] == BOB
        assert state["person", BOB]["stub"] is False
        assert not any("false" in key for _, key in state)
        assert "Your archive was wrong about a person" in [
            subject for _, subject, _ in mails(pods, "pod4")
        ]
