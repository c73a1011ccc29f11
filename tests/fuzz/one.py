"""Fuzz one target with atheris: `python -m tests.fuzz.one TARGET [options] FOLDER…`."""

import sys

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]  # for `make fuzz`

with atheris.instrument_imports(include=["pod", "tests.fuzz"]):
    from tests.fuzz import targets

if __name__ == "__main__":
    target = sys.argv.pop(1)
    atheris.Setup(sys.argv, lambda data: targets.run(target, bytes(data)))
    atheris.Fuzz()
