"""The words of the `seedbed` command.

Results go to standard output, talk and progress to standard error. Exit codes: 0 all as expected,
1 a pod disagreed, 2 inconclusive, 64 usage or invalid file, 70 the harness itself failed.
"""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.ending import Verdict, end_with

app = typer.Typer(
    name="seedbed",
    help="Multi-pod federation behaviour test harness: act, settle, compare.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Federation = Annotated[
    str | None,
    typer.Option(
        help="What the pods are: joined, processes, containers, or auto.", show_default="auto"
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(help="Decides all names, texts and, in joined, the order.", show_default="1"),
]
Order = Annotated[
    int | None,
    typer.Option(help="Decides who goes next in joined; repetitions count on.", show_default="1"),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="How many federations play side by side, joined only.",
        show_default="one for each processor if all or repeated scenarios are played, else 1",
    ),
]
Floor = Annotated[
    int | None,
    typer.Option(min=0, help="Fewer judged scenarios are inconclusive: exit code 2."),
]
Reports = Annotated[
    Path | None, typer.Option(help="Folder for the runs' evidence.", show_default="reports")
]
WireProfile = Annotated[
    str | None,
    typer.Option(
        help="Form of the announcement: account_rename or account_migration.",
        show_default="account_rename",
    ),
]


@app.command(
    epilog="Examples: seedbed run · seedbed run all --federation joined · seedbed run mail · "
    "seedbed run --repeat 20 · seedbed run -- -k mail -x (what follows -- is pytest's)"
)
def run(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Scenarios: a part of a name, or all. Default: the headline."),
    ] = None,
    federation: Federation = None,
    seed: Seed = None,
    order: Order = None,
    repeat: Annotated[int, typer.Option(min=1, help="How often each scenario runs.")] = 1,
    jobs: Jobs = None,
    floor: Floor = None,
    reports: Reports = None,
    wire_profile: WireProfile = None,
    keep: Annotated[bool, typer.Option(help="Keep the pods' databases as evidence.")] = False,
    json_: Annotated[
        bool, typer.Option("--json", help="Print result.json instead of text.")
    ] = False,
) -> None:
    """Run scenarios on a federation of four pods and print the verdict."""
    from harness.cli.running import Request, run_scenarios

    request = Request(names=tuple(names or ()), repeat=repeat, jobs=jobs, json=json_)
    given = {
        "federation": federation,
        "seed": seed,
        "order": order,
        "floor": floor,
        "reports": reports,
        "wire_profile": wire_profile,
        "keep": keep or None,
    }
    raise Verdict(run_scenarios(request, given))


@app.command(epilog="Examples: seedbed up · seedbed up --port 9000 · seedbed up --foreground")
def up(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1 for browsers and curl.")] = 8080,
    seed: Seed = None,
    foreground: Annotated[bool, typer.Option(help="Stay until Ctrl-C.")] = False,
) -> None:
    """Start four seeded pods and leave them running."""
    from harness.cli.standing import bring_up

    bring_up(port, {"seed": seed, "federation": "processes"}, foreground=foreground)


@app.command(epilog="Example: seedbed images")
def images() -> None:
    """Build the images of pod and gate, if what goes into them has changed."""
    from harness.cli.imaging import build_images

    build_images()


@app.command(epilog="Example: seedbed down")
def down() -> None:
    """Stop the pods that `seedbed up` started."""
    from harness.cli.standing import bring_down

    bring_down()


@app.command(
    epilog="Examples: seedbed compare · seedbed compare reports/latest · seedbed compare --json"
)
def compare(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder of a run, with pods/*/state.json. Default: the newest."),
    ] = None,
    reports: Reports = None,
    json_: Annotated[bool, typer.Option("--json", help="Print findings as JSON.")] = False,
) -> None:
    """Compare the states that a run left behind."""
    from harness.cli.comparing import compare_folder

    raise Verdict(compare_folder(folder, reports, json_=json_))


@app.command(
    epilog="Examples: seedbed clauses · seedbed clauses OLD-4.3a · seedbed clauses --untested"
)
def clauses(
    name: Annotated[
        str | None, typer.Argument(help="ID of a clause, such as OLD-4.3a. Default: all.")
    ] = None,
    untested: Annotated[
        bool, typer.Option("--untested", help="Only list what no test would notice.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show which sentences of the seed specification are tested, and by what."""
    from harness.cli.clausing import show_clauses

    show_clauses(name, untested=untested, json_=json_)


def main() -> None:
    """Run the command and exit with its status."""
    end_with(app)
