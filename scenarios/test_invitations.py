"""carol invites; people answer, change their minds, and she moves before the party.

An event comes with its post, answers go through the pod of the host, and only who gave an answer
can take it back.

Clauses: DEC-8.3; protocol 4.4, protocol 4.6, protocol 5.2
"""

from harness import Account, Federation, Invitation, Location, disagreements

PARTY = Invitation(
    "House warming",
    "2026-02-01T18:00:00Z",
    "2026-02-01T23:00:00Z",
    Location("Main Street 1", 48.1, 11.5),
)


def test_answers_to_an_invitation_reach_everybody_invited(
    federation: Federation, carol: Account, alice: Account, bob: Account
) -> None:
    party = carol.invite("Come!", PARTY, embed="https://cards.example.org/party")
    federation.settle()
    yes, perhaps = alice.answer(party), bob.answer(party, "tentative")
    quiet = federation.settle()

    assert not disagreements(quiet)
    assert quiet.holding(yes) == quiet.holding(perhaps) == quiet.holding(party)
    assert {row["status"] for row in quiet.copies(perhaps).values()} == {"tentative"}


def test_only_friends_hear_of_an_invitation_for_friends(
    federation: Federation, carol: Account, alice: Account
) -> None:
    party = carol.invite("Come!", PARTY, to="friends")
    federation.settle()
    yes = alice.answer(party)
    quiet = federation.settle()

    assert not disagreements(quiet)
    assert quiet.holding(yes) == quiet.holding(party) == ("pod1", "pod2")
