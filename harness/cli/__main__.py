"""`python -m harness.cli` is `seedbed`."""

from harness.cli.main import main

main()
