"""`seedbed clauses`: which sentences of the specification are tested, and by what."""

import difflib

import typer

from harness.errors import UsageError
from harness.facts.clause import Clause, Register
from harness.report.clause_coverage import (
    clause_json,
    clause_text,
    coverage_json,
    coverage_text,
    untested_text,
)
from harness.report.clauses import register


def show_clauses(name: str | None, *, untested: bool, json_: bool) -> None:
    """Print one clause, or the coverage of all.

    Raises:
        UsageError: If no clause has that name, or the register is broken.
    """
    all_ = register()
    if name is not None:
        clause = _named(all_, name)
        typer.echo(clause_json(clause) if json_ else clause_text(clause))
    elif json_:
        typer.echo(coverage_json(all_, only_untested=untested))
    else:
        typer.echo(untested_text(all_) if untested else coverage_text(all_))


def _named(all_: Register, name: str) -> Clause:
    clause = all_.get(name)
    if clause is None:
        raise UsageError(f"no clause is called {name!r}", _advice(all_, name.upper()))
    return clause


def _advice(all_: Register, name: str) -> str:
    ids = [clause.id for clause in all_]
    parts = [id_ for id_ in ids if id_[:-1] == name]  # one letter short
    if near := parts or difflib.get_close_matches(name, ids, n=3, cutoff=0.5):
        return "Did you mean " + " or ".join(near)
    families = dict.fromkeys(id_.rpartition("." if "." in id_ else "-")[0] for id_ in ids)
    return f"IDs begin with {', '.join(families)}; `seedbed clauses --json` names them all"
