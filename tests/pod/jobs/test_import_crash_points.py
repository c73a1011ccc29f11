"""A pod that dies anywhere in an import goes on, and the result is the same."""

from pathlib import Path

import pytest

from pod.app import create_core
from pod.jobs.crash import NAMES, Crashed
from tests.pod.house import Cast, cast, choose, export, mails, report, upload
from tests.pod.pair import CONTROL_TOKEN, START, Declined, Pods, call

NEW = "christy@pod2.test"
POINTS = [name for name in NAMES if name.startswith(("import.", "migrate."))]


def _restart(pods: Pods, folder: Path, pod: str = "pod2") -> None:
    """Start a pod again with the database that the dead process left."""
    pods[pod].close()
    settings = {
        "POD_HOST": f"{pod}.test",
        "POD_DATABASE_URL": f"sqlite:///{folder / pod}.sqlite3",
        "POD_TEST_MODE": "true",
        "POD_CLOCK": START,
        "POD_CONTROL_TOKEN": CONTROL_TOKEN,
    }
    pods.cores[f"{pod}.test"] = create_core(settings, send=pods.sender_of(f"{pod}.test"))


def _outcome(played: Cast, guid: str) -> object:
    """What the pods believe in the end, and what the owner was told."""
    states = {pod: played.pods.state(pod) for pod in ("pod1", "pod2", "pod3")}
    return states, report(played.pods, "pod2", guid), mails(played.pods, "pod2")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> object:
    with cast(tmp_path_factory.mktemp("undisturbed")) as played:
        guid = _begin(played)
        played.pods.settle()
        return _outcome(played, guid)


def _begin(played: Cast) -> str:
    guid: str = upload(played.pods, "pod2", export(played.carol))["import"]
    choose(played.pods, "pod2", guid, "christy")
    return guid


@pytest.mark.parametrize("point", POINTS)
def test_an_import_goes_on_after_a_crash_as_if_nothing_had_been(
    tmp_path: Path, undisturbed: object, point: str
) -> None:
    with cast(tmp_path) as played:
        guid = _begin(played)
        played.pods["pod2"].context.crash.arm(point)
        with pytest.raises(Crashed):
            played.pods.settle()
        _restart(played.pods, tmp_path)
        played.pods.settle()
        assert _outcome(played, guid) == undisturbed


@pytest.mark.parametrize("pod", ["pod1", "pod3"])
@pytest.mark.parametrize("point", ["migrate.before_commit", "migrate.after_commit"])
def test_a_pod_that_dies_while_it_hears_of_a_move_has_heard_of_it_later(
    tmp_path: Path, undisturbed: object, point: str, pod: str
) -> None:
    with cast(tmp_path) as played:
        guid = _begin(played)
        played.pods[pod].context.crash.arm(point)
        with pytest.raises(Crashed):
            played.pods.settle()
        _restart(played.pods, tmp_path, pod)
        played.pods.settle()
        assert _outcome(played, guid) == undisturbed


@pytest.mark.parametrize("point", ["import.account_created", "import.fetched"])
def test_an_import_can_be_aborted_before_anything_was_merged(tmp_path: Path, point: str) -> None:
    with cast(tmp_path) as played:
        before = {pod: played.pods.state(pod) for pod in ("pod1", "pod2", "pod3")}
        guid = _begin(played)
        played.pods["pod2"].context.crash.arm(point)
        with pytest.raises(Crashed):
            played.pods.settle()
        _restart(played.pods, tmp_path)
        assert _delete(played.pods, guid)["state"] == "aborted"
        played.pods.settle()
        after = {pod: played.pods.state(pod) for pod in ("pod1", "pod2", "pod3")}
        assert after == before
        again = upload(played.pods, "pod2", export(played.carol))["import"]
        assert choose(played.pods, "pod2", again, "christy")["diaspora_id"] == NEW
        played.pods.settle()
        assert report(played.pods, "pod2", again) == {"state": "done", "report": []}


def _delete(pods: Pods, guid: str) -> dict[str, object]:
    answer: dict[str, object] = call(pods["pod2"], "DELETE", f"/api/imports/{guid}")
    return answer


@pytest.mark.parametrize("point", ["import.committed", "import.announced", "import.unlocked"])
def test_an_import_cannot_be_aborted_once_it_is_committed(tmp_path: Path, point: str) -> None:
    with cast(tmp_path) as played:
        guid = _begin(played)
        played.pods["pod2"].context.crash.arm(point)
        with pytest.raises(Crashed):
            played.pods.settle()
        _restart(played.pods, tmp_path)
        with pytest.raises(Declined) as refusal:
            _delete(played.pods, guid)
        assert refusal.value.status == 409


def test_the_old_private_key_is_forgotten_when_an_import_has_ended(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        done, aborted = _begin(played), _begin_only(played)
        _delete(played.pods, aborted)
        played.pods.settle()
        with played.pods["pod2"].context.work() as work:
            query = "SELECT guid, length(archive) FROM imports"
            rows = work.connection.exec_driver_sql(query)
            assert {row[0]: row[1] for row in rows} == {done: 0, aborted: 0}


def _begin_only(played: Cast) -> str:
    guid: str = upload(played.pods, "pod2", export(played.carol))["import"]
    return guid
