"""All mutants, by name."""

from tests.mutants import (
    mutants_of_accounts,
    mutants_of_archives,
    mutants_of_audiences,
    mutants_of_moves,
    mutants_of_repointing,
)
from tests.mutants.mutant import MUTANTS, Mutant

MODULES = (
    mutants_of_accounts,
    mutants_of_archives,
    mutants_of_audiences,
    mutants_of_moves,
    mutants_of_repointing,
)
"""Where they are; importing them registers them."""

__all__ = ["MODULES", "MUTANTS", "Mutant"]
