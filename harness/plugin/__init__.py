"""The pytest plugin: pods with a past for each scenario, and outcomes for the report.

Load it with `-p harness.plugin`. Whatever asks for the `federation` fixture is a scenario. Settings
come from `HARNESS_*` and the options below; other plugins may follow a run by the hooks in `hooks`.
"""

from collections.abc import Generator
from dataclasses import replace

import pytest

from harness.errors import HarnessError
from harness.plugin import hooks, side_by_side
from harness.plugin.concluding import Breakages
from harness.plugin.contrasts import contrast
from harness.plugin.fixtures import (
    alice,
    bob,
    carol,
    christy,
    dave,
    debora,
    fay,
    federation,
    fixtures,
    gate,
    mallory,
    other_carol,
    peer,
    seeded,
)
from harness.plugin.options import add_options, read_settings
from harness.plugin.outcomes import doubted, is_scenario, result_of, without_ability
from harness.plugin.run import RUN, Run

__all__ = [
    "alice",
    "bob",
    "carol",
    "christy",
    "dave",
    "debora",
    "fay",
    "federation",
    "fixtures",
    "gate",
    "mallory",
    "other_carol",
    "peer",
    "seeded",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer what a run may be told."""
    add_options(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Let other plugins follow a run."""
    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Prepare a run; nothing starts before a scenario asks for it."""
    config.addinivalue_line(
        "markers",
        "needs(*abilities): skip, saying why, unless the adapter has these abilities",
    )
    config.addinivalue_line(
        "markers",
        "pod_settings(pod1={...}, ...): run these pods with other settings than usual",
    )
    try:
        settings = read_settings(config)
        side_by_side.check(config, settings)
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[RUN] = run = Run(settings, config.hook, side_by_side.folder_of(config))
    config.pluginmanager.register(Breakages(run))
    side_by_side.prepare(config)
    if side_by_side.is_called(config):
        config.pluginmanager.register(side_by_side.Workers(run))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat scenarios as often as asked for."""
    repeat = int(metafunc.config.getoption("--repeat"))
    if repeat > 1 and "federation" in metafunc.fixturenames:
        metafunc.fixturenames.append("repetition")
        metafunc.parametrize("repetition", range(1, repeat + 1), ids=lambda n: f"{n} of {repeat}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what the implementation cannot do."""
    run = item.config.stash[RUN]
    missing = without_ability(item, run.adapter, run.settings)
    if missing:
        pytest.skip(missing)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a scenario in which a pod died unnoticed, stumbled, or asked a peer the unexpected."""
    result = yield
    if is_scenario(item):
        item.config.stash[RUN].check_pods()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note a scenario's outcome, and add the journal and the findings to its report."""
    seconds = item.config.stash[RUN].seconds(call)  # before the report is made, which takes time
    report = yield
    if is_scenario(item):
        run = item.config.stash[RUN]
        evidence = run.look_at(item.name) if report.failed else None
        result = result_of(item, call, report, evidence, seconds)
        if result is not None:
            judged = replace(doubted(result, run.doubt()), left=run.left())
            run.note(judged)
            side_by_side.tell(item, report, judged)
        if run.is_hopeless:
            item.session.shouldfail = "the federation did not come up"
        if evidence is not None:
            report.sections += evidence.sections()
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Say in plain words what was found and what was expected."""
    return contrast(left, right) if op == "==" else None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Stop the pods, write the reports, and exit with what the outcomes demand."""
    run = session.config.stash[RUN]
    if side_by_side.is_worker(session.config):
        side_by_side.conclude(session.config, run)
        return
    interrupted = exitstatus == pytest.ExitCode.INTERRUPTED and not run.ended_by_option
    transcript = run.conclude(interrupted=interrupted)
    if transcript is not None:
        session.exitstatus = transcript.exit_status


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no pod behind, whatever has happened."""
    run = config.stash.get(RUN, None)
    if run is not None:
        run.stop()
