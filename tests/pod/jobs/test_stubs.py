"""What an archive tells stands for people and posts that cannot be had, but not for long."""

from datetime import timedelta
from pathlib import Path

from pod.domain.entities import Comment
from pod.domain.identity import DiasporaId, Guid
from pod.jobs.crypto import WireCrypto
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
