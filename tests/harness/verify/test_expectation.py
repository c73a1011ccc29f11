"""What the model expects after small runs."""

import re
from dataclasses import replace

import pytest

from harness.errors import CannotJudge
from harness.facts.identity import POD_HOSTS, PodName
from harness.facts.journal import Act, Journal
from harness.facts.reference import Ref
from harness.facts.snapshot import Snapshots
from harness.verify import disagreements, expectation_of
from harness.verify.acts import RULES, predict
from harness.verify.expectation import Expectation

CAROL, DEBORA, ALICE, BOB, DAVE = (
    "carol@pod1.test",
    "debora@pod1.test",
    "alice@pod2.test",
    "bob@pod3.test",
    "dave@pod4.test",
)
CHRISTY = "christy@pod2.test"
HOSTS: dict[str, PodName] = {host: pod for pod, host in POD_HOSTS.items()}


class Story:
    """A journal in the making; what is made is called by its guid."""

    def __init__(self) -> None:
        self.journal = Journal()

    def did(
        self, who: str, verb: str, made: tuple[str, str] | None = None, **what: object
    ) -> "Story":
        refs = (Ref(*made),) if made else ()
        self.journal.add(who, verb, what, refs=refs)
        return self

    def friends(self, one: str, other: str) -> "Story":
        self.did(one, "share", person=other, aspects=["friends"])
        return self.did(other, "share", person=one, aspects=["friends"])

    def post(self, who: str, guid: str, *, to: str = "public", **what: object) -> "Story":
        aspects = [] if to == "public" else [to]
        return self.did(who, "post", ("post", guid), public=to == "public", aspects=aspects, **what)

    def comment(self, who: str, guid: str, on: str) -> "Story":
        return self.did(who, "comment", ("comment", guid), on=on, mentions=[])

    def moves(self, *told: PodName) -> "Story":
        self.did(CHRISTY, "import_archive", old=CAROL)
        return self.settled(*told)

    def settled(self, *told: PodName) -> "Story":
        return self.did("", "settled", told={CAROL: list(told)} if told else {})

    @property
    def model(self) -> Expectation:
        model = predict(self.journal, HOSTS)
        assert model.not_understood == []
        return model

    def holders(self, guid: str) -> str:
        item = self.model.items.get(guid)
        return " ".join(sorted(item.holders)) if item else "nobody"


@pytest.fixture
def story() -> Story:
    """carol is friends with debora, alice and bob; dave has nothing to do with them."""
    return Story().friends(CAROL, DEBORA).friends(CAROL, ALICE).friends(CAROL, BOB)


def test_a_public_post_goes_to_contacts_in_both_directions_and_to_the_mentioned() -> None:
    story = Story().did(BOB, "share", person=CAROL, aspects=["f"])
    story.did(CAROL, "share", person=ALICE, aspects=["f"]).post(CAROL, "p").settled()
    assert story.holders("p") == "pod1 pod2 pod3"
    assert story.post(CAROL, "q", mentions=[DAVE]).holders("q") == "pod1 pod2 pod3 pod4"


def test_a_limited_post_and_what_is_under_it_goes_to_its_aspect(story: Story) -> None:
    story.did(CAROL, "share", person=BOB, aspects=["family"]).post(CAROL, "p", to="family")
    assert (story.holders("p"), story.model.items["p"].audience) == ("pod1 pod3", {BOB})
    assert story.comment(BOB, "c", "p").holders("c") == "pod1 pod3"


def test_who_fetches_a_post_gets_what_happens_under_it_from_then_on(story: Story) -> None:
    story.post(CAROL, "p").comment(BOB, "early", "p")
    story.did(DAVE, "look_up", post="p").comment(CAROL, "late", "p")
    assert [story.holders(guid) for guid in ("p", "early", "late")] == [
        "pod1 pod2 pod3 pod4",
        "pod1 pod2 pod3",
        "pod1 pod2 pod3 pod4",
    ]


def test_a_comment_of_somebody_blocked_is_not_relayed(story: Story) -> None:
    story.post(CAROL, "p").did(CAROL, "block", person=BOB).comment(BOB, "c", "p")
    assert story.holders("c") == "pod3"


def test_what_is_retracted_goes_with_what_hangs_on_it(story: Story) -> None:
    story.post(CAROL, "p").comment(BOB, "c", "p")
    story.did(ALICE, "like", ("like", "l"), on="c", target="comment")
    story.did(ALICE, "reshare", ("post", "r"), of="p").comment(BOB, "d", "r")
    story.did(BOB, "retract", kind="comment", guid="c")
    assert [story.holders(guid) for guid in ("p", "c", "l")] == [
        "pod1 pod2 pod3",
        "nobody",
        "nobody",
    ]
    story.did(CAROL, "retract", kind="post", guid="p")
    assert [story.holders(guid) for guid in ("p", "r", "d")] == [
        "nobody",
        "pod1 pod2",
        "pod1 pod2 pod3",
    ]


def test_only_the_own_like_is_taken_back(story: Story) -> None:
    story.post(CAROL, "p")
    story.did(ALICE, "like", ("like", "hers"), on="p", target="post")
    story.did(BOB, "like", ("like", "his"), on="p", target="post")
    story.did(ALICE, "unlike", on="p", target="post")
    assert [story.holders(guid) for guid in ("hers", "his")] == ["nobody", "pod1 pod2 pod3"]


def test_a_deleted_account_leaves_comments_and_gets_nothing_more(story: Story) -> None:
    story.post(BOB, "p").post(CAROL, "q").comment(BOB, "c", "q").did(BOB, "delete")
    story.post(CAROL, "later")
    assert [story.holders(guid) for guid in ("p", "c", "later")] == [
        "nobody",
        "pod1 pod2 pod3",
        "pod1 pod2",
    ]
    assert story.model.contacts(CAROL) == {ALICE, DEBORA}


def test_a_move_takes_everything_along_under_the_new_name(story: Story) -> None:
    story.did(CAROL, "share", person=BOB, aspects=["family"]).post(CAROL, "p", to="family")
    story.comment(BOB, "c", "p").moves("pod1", "pod2", "pod3")
    model = story.model
    assert (model.items["p"].author, model.items["p"].made_by) == (CHRISTY, CAROL)
    assert [story.holders(guid) for guid in ("p", "c")] == ["pod1 pod2 pod3"] * 2
    assert model.contacts(CHRISTY) == {ALICE, BOB, DEBORA}
    assert model.disclosed[CHRISTY] == {"pod1", "pod2", "pod3"}
    # Now pod2 is where the relaying happens.
    assert story.comment(BOB, "d", "p").holders("d") == "pod2 pod3"


def test_what_a_pod_sends_to_the_old_id_arrives_once_it_has_heard(story: Story) -> None:
    story.post(CAROL, "p").did(DAVE, "look_up", post="p").moves("pod1", "pod2", "pod3")
    story.comment(DAVE, "c", "p")
    assert story.holders("c") == "pod4"
    assert story.settled("pod1", "pod2", "pod3").holders("c") == "pod4"
    assert story.settled("pod1", "pod2", "pod3", "pod4").holders("c") == "pod1 pod2 pod3 pod4"


def test_who_follows_the_old_id_is_a_contact_once_the_pod_has_heard(story: Story) -> None:
    story.moves("pod1", "pod2", "pod3").did(DAVE, "share", person=CAROL, aspects=["f"])
    assert (DAVE, CHRISTY) not in story.model.shares
    story.settled("pod1", "pod2", "pod3", "pod4")
    assert (DAVE, CHRISTY) in story.model.shares


def test_an_aborted_import_did_not_take_place(story: Story) -> None:
    story.post(CAROL, "p").did(CHRISTY, "import_archive", old=CAROL)
    story.did("", "abort_import", old=CAROL).settled()
    assert (story.model.moved, story.model.items["p"].author) == ({}, CAROL)


def test_every_verb_of_the_journal_is_understood() -> None:
    documented = set(re.findall(r"`(\w+)` (?:\{|and )", Act.__doc__ or ""))
    assert {"post", "delete", "unlike", "abort_import", "settled"} <= documented
    assert documented - RULES.keys() - {"refs"} == set()


def test_what_the_model_does_not_understand_makes_the_outcome_unknown(past: Snapshots) -> None:
    assert past.origin is not None
    journal = Journal()
    journal.restore(past.origin.acts)
    journal.add(CAROL, "fly", {})
    with pytest.raises(CannotJudge, match="does not understand what was done: fly") as raised:
        expectation_of(journal, past)
    assert raised.value.exit_status == 2


def test_an_act_about_something_unknown_is_not_understood(past: Snapshots) -> None:
    assert past.origin is not None
    journal = Journal()
    journal.restore(past.origin.acts)
    journal.add(BOB, "comment", {"on": "nothing"}, refs=(Ref("comment", "c"),))
    origin = replace(past.origin, acts=tuple(journal))
    with pytest.raises(CannotJudge, match=r"comment \('nothing'\)"):
        disagreements(Snapshots(past, origin))
