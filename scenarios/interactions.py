"""What hangs on posts: comments, likes and votes of people on a scripted peer."""

from dataclasses import dataclass

from harness import Federation, PeerPerson, PodName, Value
from scenarios.attacks import post

KINDS = {"comment": "Comment", "like": "Like", "poll_participation": "PollParticipation"}
"""The relayables, and what a retraction calls them."""


@dataclass(frozen=True)
class Root:
    """A post with a poll, on which something may hang.

    Attributes:
        guid: Of the post.
        poll: Of the poll.
        choice: Of one of its answers.
    """

    guid: str
    poll: str
    choice: str

    def said(self, kind: str, guid: str) -> dict[str, Value]:
        """What an interaction with it says."""
        told: dict[str, dict[str, Value]] = {
            "comment": {"parent_guid": self.guid, "text": "said by a peer"},
            "like": {"parent_guid": self.guid, "parent_type": "Post", "positive": True},
            "poll_participation": {"parent_guid": self.poll, "poll_answer_guid": self.choice},
        }
        return {"guid": guid} | told[kind]


def asked_here(federation: Federation, guid: str, pod: PodName = "pod1") -> Root:
    """A post that has a poll, as a pod knows it."""
    rows = federation.settle()[pod].rows
    poll = next(key for key, row in rows("poll").items() if row["post"] == guid)
    choice = next(key for key, row in rows("poll_answer").items() if row["poll"] == poll)
    return Root(guid, poll, choice)


def asked_by(federation: Federation, eve: PeerPerson) -> Root:
    """A public post of hers with a poll, which pod1 knows."""
    new = eve.peer.new_guid
    answers = [{"guid": new(), "answer": word} for word in ("yes", "no")]
    root = Root(new(), new(), str(answers[0]["guid"]))
    poll: Value = {"guid": root.poll, "question": "Really?", "poll_answer": answers}
    eve.send(post(eve, guid=root.guid, text="Say what you think", poll=poll), "pod1")
    federation.settle()
    return root


def authors(federation: Federation, kind: str, guid: str) -> dict[PodName, object]:
    """Whom each pod that has something names as its author."""
    found = federation.settle()
    rows = {pod: found[pod].get(kind, guid) for pod in found}
    return {pod: row["author"] for pod, row in rows.items() if row}
