"""All mutants, by name."""

from importlib import import_module

from tests.mutants.mutant import MUTANTS, Mutant

__all__ = ["MUTANTS", "Mutant"]

for module in (
    "accounts",
    "archives",
    "audiences",
    "empty_homes",
    "identities",
    "moves",
    "repointing",
):
    import_module(f"tests.mutants.mutants_of_{module}")  # registers them
