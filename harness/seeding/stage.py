"""Where the common past is acted out: people, their words, and what they make, by name."""

from collections.abc import Sequence

from harness.driver.adapter import Location, Poll
from harness.facts.reference import Ref
from harness.federation import Account, Federation
from harness.seeding.fixtures import Fixtures
from harness.seeding.texts import Texts, image, mention


class Stage:
    """Lets people say things with made-up words, and remembers what they made."""

    def __init__(self, federation: Federation, people: dict[str, Account], texts: Texts) -> None:
        self.federation = federation
        self.people = people
        self.texts = texts
        self.made = Fixtures()

    def post(
        self,
        name: str,
        *,
        to: str | Sequence[str] = "public",
        mentions: Sequence[str] = (),
        photos: int = 0,
        poll: int = 0,
        at_a_place: bool = False,
    ) -> Ref:
        """Let a person post; the name begins with the person's."""
        who = self._who(name)
        text, token = self._words(who, name, mentions, private=to != "public")
        pictures = [self._photo(f"{name}_{n}") for n in range(1, photos + 1)]
        ref = self.people[who].post(
            text,
            to=to,
            photos=pictures,
            location=Location(*self.texts.place(who)) if at_a_place else None,
            poll=self._poll(who, poll) if poll else None,
        )
        return self._note(self.made.posts, name, ref, token)

    def comment(self, name: str, on: str, *, mentions: Sequence[str] = ()) -> Ref:
        """Let a person comment on a post."""
        who = self._who(name)
        private = self._is_private(on)
        text, token = self._words(who, name, mentions, private=private)
        ref = self.people[who].comment(self.made.posts[on], text)
        return self._note(self.made.comments, name, ref, token)

    def like(self, who: str, what: str) -> Ref:
        """Let a person like a post or a comment."""
        on = self.made.posts.get(what) or self.made.comments[what]
        ref = self.people[who].like(on)
        return self._note(self.made.likes, f"{who}_likes_{what}", ref)

    def vote(self, who: str, on: str, answer: int) -> Ref:
        """Let a person choose the n-th answer, counted from 1."""
        post = self.made.posts[on]
        view = self.people[who].view(post) or {}
        chosen = str(view["poll"]["answers"][answer - 1]["answer"])
        ref = self.people[who].vote(post, chosen)
        return self._note(self.made.votes, f"{who}_votes_{on}", ref)

    def reshare(self, name: str, of: str) -> Ref:
        """Let a person reshare a post."""
        ref = self.people[self._who(name)].reshare(self.made.posts[of])
        return self._note(self.made.posts, name, ref)

    def converse(self, name: str, to: Sequence[str]) -> Ref:
        """Let a person begin a conversation."""
        who = self._who(name)
        text, token = self._words(who, name, (), private=True)
        others = [self.people[other] for other in to]
        ref = self.people[who].message(others, text, subject=self.texts.sentence(who))
        return self._note(self.made.conversations, name, ref, token)

    def reply(self, name: str, conversation: str) -> Ref:
        """Let a person reply."""
        who = self._who(name)
        text, token = self._words(who, name, (), private=True)
        ref = self.people[who].reply(self.made.conversations[conversation], text)
        return self._note(self.made.messages, name, ref, token)

    def _photo(self, name: str) -> Ref:
        who = self._who(name)
        ref = self.people[who].photo(image(name), text=self.texts.sentence(who))
        return self._note(self.made.photos, name, ref)

    def _poll(self, who: str, answers: int) -> Poll:
        words = dict.fromkeys(f"{n}. {self.texts.word(who)}" for n in range(1, answers + 1))
        return Poll(self.texts.sentence(who), tuple(words))

    def _words(
        self, who: str, name: str, mentions: Sequence[str], *, private: bool
    ) -> tuple[str, str]:
        token = self.texts.canary(name) if private else ""
        called = [mention(other, self.people[other].diaspora_id) for other in mentions]
        words = [self.texts.sentence(who), *called, *([token] if token else [])]
        return " ".join(words), token

    def _is_private(self, post: str) -> bool:
        return self.made.posts[post].guid in self.made.canaries.values()

    def _who(self, name: str) -> str:
        return next(person for person in self.people if name.startswith(f"{person}_"))

    def _note(self, kept: dict[str, Ref], name: str, ref: Ref, token: str = "") -> Ref:
        kept[name] = ref
        if token:
            self.made.canaries[token] = ref.guid
        return ref
