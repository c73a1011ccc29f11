"""What a pod announces to understand decides in which forms it is told of a move."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pod.domain.errors import Later
from pod.domain.identity import DiasporaId
from pod.domain.moving import is_wanted, understands
from pod.domain.ports import Condition, WireForm
from pod.jobs import features
from tests.pod.domain.moves import Home, Pod, a_pod
from tests.pod.house import cast, export, move

URL = "https://pod-z.example.org/"
RENAME, MIGRATION = {"account_rename"}, {"account_migration"}


def _announcing(pod: Pod, *announced: str, href: str = f"{URL}nodeinfo/2.0") -> Home:
    """Another pod with a NodeInfo document."""
    home = pod.home_of("pod-z.example.org")
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    document = {
        "software": {"name": "other", "version": "1"},
        "metadata": {"features": list(announced)},
    }
    home.served["/.well-known/nodeinfo"] = json.dumps(
        {"links": [{"rel": rel, "href": href}]}
    ).encode()
    home.served["/nodeinfo/2.0"] = json.dumps(document).encode()
    return home


def test_a_pod_is_asked_once_an_hour(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        _announcing(pod, "account_rename")
        asked = [features.of(pod.core.context, URL) for _ in range(3)]
        assert asked == [frozenset({"account_rename"})] * 3
        assert len(pod.pods.exchanges) == 2  # the list of documents, and one of them

        _announcing(pod, "account_migration")
        pod.wait(timedelta(hours=1, seconds=1))
        assert features.of(pod.core.context, URL) == {"account_migration"}


@pytest.mark.parametrize(
    "served",
    [
        {},
        {"/.well-known/nodeinfo": b"garbage"},
        {"/.well-known/nodeinfo": b'{"links": []}'},
        {"/nodeinfo/2.0": b"garbage"},
        {"/nodeinfo/2.0": b'{"software": {"name": "other", "version": "1"}, "metadata": []}'},
    ],
)
def test_a_pod_that_tells_nothing_that_can_be_read_announces_nothing(
    tmp_path: Path, served: dict[str, bytes]
) -> None:
    with a_pod(tmp_path) as pod:
        home = _announcing(pod, "account_rename")
        home.served = {**home.served, **served} if served else {}
        assert features.of(pod.core.context, URL) == frozenset()


def test_a_pod_does_not_speak_for_another(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        _announcing(pod, "account_rename", href="https://pod-y.example.org/nodeinfo/2.0")
        assert features.of(pod.core.context, URL) == frozenset()
        assert [each.url for each in pod.pods.exchanges] == [f"{URL}.well-known/nodeinfo"]


def test_a_pod_that_does_not_answer_is_asked_again_later(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod, pytest.raises(Later, match="unreachable"):
        features.of(pod.core.context, URL)


def test_deployed_software_announces_nothing_and_understands_the_deployed_form() -> None:
    forms: tuple[WireForm, ...] = ("account_rename", "account_migration")
    understood = {
        announced: [form for form in forms if understands(form, announced)]
        for announced in (frozenset[str](), frozenset(RENAME), frozenset(MIGRATION))
    }
    assert understood == {
        frozenset(): ["account_migration"],
        frozenset(RENAME): ["account_rename"],
        frozenset(MIGRATION): ["account_migration"],
    }


@pytest.mark.parametrize(
    ("form", "only_if", "announced", "expected"),
    [
        ("account_migration", "needed", set(), True),
        ("account_migration", "needed", MIGRATION, True),
        ("account_migration", "needed", RENAME, False),
        ("account_migration", "needed", RENAME | MIGRATION, False),
        ("account_rename", "needed", set(), False),
        ("account_rename", "needed", RENAME, True),
        ("account_rename", "needed", MIGRATION, False),
        ("account_rename", "needed", RENAME | MIGRATION, False),
        ("account_migration", "understood", set(), True),
        ("account_migration", "understood", RENAME, False),
        ("account_migration", "understood", RENAME | MIGRATION, True),
        ("account_rename", "understood", set(), False),
        ("account_rename", "understood", RENAME | MIGRATION, True),
    ],
)
def test_a_second_form_goes_to_those_whom_it_tells_something(
    form: WireForm, only_if: Condition, announced: set[str], *, expected: bool
) -> None:
    assert is_wanted(form, only_if, announced) is expected


@pytest.mark.parametrize("form", ["account_rename", "account_migration"])
def test_only_the_old_home_is_told_twice_if_everybody_understands_everything(
    tmp_path: Path, form: str
) -> None:
    with cast(tmp_path, POD_WIRE_PROFILE=form) as played:
        move(played.pods, export(played.carol))
        context = played.pods["pod2"].context
        with context.work() as work:
            query = (
                "SELECT o.entity, d.pod_url, d.only_if FROM outgoing o"
                " JOIN deliveries d ON d.outgoing_id = o.id WHERE o.entity LIKE 'account_%'"
            )
            planned = {tuple(row) for row in work.connection.exec_driver_sql(query)}
            kept = work.migrations.to(work.people.need(DiasporaId("christy@pod2.test")))
        second = {"account_rename": "account_migration"}.get(form, "account_rename")
        assert planned == {
            (form, "https://pod1.test/", None),
            (form, "https://pod3.test/", None),
            (second, "https://pod1.test/", "understood"),
            (second, "https://pod3.test/", "needed"),
        }
        told = [each for each in played.pods.exchanges if each.url.endswith("receive/public")]
        announced = [each.url for each in told if b"me:env" in each.body]
        assert announced.count("https://pod1.test/receive/public") == 2
        assert announced.count("https://pod3.test/receive/public") == 1
        assert [list(each.envelopes) for each in kept] == [[form, second]]
