"""Who is asked for the proof that somebody has moved: the old home, and then the new one."""

from collections.abc import Iterable
from pathlib import Path

from pod.app import Answer, Core
from tests.pod.house import Cast, cast, export, move

OLD, NEW = "carol@pod1.test", "christy@pod2.test"
PROOF = f"/fetch/account_rename/{OLD}"


class Forgetful(Core):
    """A pod that leads on from an old ID, but does not hand out the proof."""

    def handle(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> Answer:
        if target == PROOF:
            return 404, [], b""
        return super().handle(method, target, headers, body)


def _asked(played: Cast) -> list[tuple[str, int]]:
    """Whom pod4 has asked for the proof, and how that pod has answered."""
    return [
        (each.url.removesuffix(PROOF), each.status)
        for each in played.pods.exchanges
        if each.sender == "pod4.test" and each.url.endswith(PROOF)
    ]


def test_the_old_home_is_asked_for_the_proof_and_nobody_else(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        move(played.pods, export(played.carol))
        assert played.dave.find(OLD)["person"]["diaspora_id"] == NEW
        assert _asked(played) == [("https://pod1.test", 200)]


def test_the_new_home_is_asked_if_the_old_one_has_no_proof(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        move(played.pods, export(played.carol))
        pod1 = played.pods["pod1"]
        played.pods.cores["pod1.test"] = Forgetful(pod1.context, pod1.close)
        assert played.dave.find(OLD)["person"]["diaspora_id"] == NEW
        assert _asked(played) == [("https://pod1.test", 404), ("https://pod2.test", 200)]
