# Few words: run, test, check, up, down. Each first makes .venv, and nothing is installed outside it.
# ARGS go to the command: make run ARGS="--federation joined", make test ARGS="-k relay".
# PYTHON names the interpreter that makes .venv, if the one that is found is the wrong one.

MAKEFLAGS += --no-print-directory --silent
BIN := .venv/bin
STAMP := .venv/.installed
ARGS ?=

.PHONY: help run test interop fuzz benchmark nightly check up down images base-image venv

help:
	echo 'make run      run the headline scenario and print the verdict'
	echo 'make test     run the tests'
	echo 'make check    formatting, lint, types, import contracts, repository rules'
	echo 'make interop  exchange messages with a library that nobody here wrote'
	echo 'make fuzz     random input for what reads messages, SECONDS=60 for each target'
	echo 'make benchmark    how fast everything is, beside what it cannot beat; or ARGS=wire, ARGS=boot …'
	echo 'make nightly  all of this in every way there is, an hour at most; ARGS=--list tells the steps'
	echo 'make up       start the pods and leave them running; make down stops them'
	echo 'make images   build the images of pod and gate, for containers and docker-compose'
	echo 'make base-image   make what they are built on, where there is no image registry'
	echo 'Each passes ARGS on, for example: make run ARGS="--federation joined"'

run up down images: venv
	$(BIN)/seedbed $@ $(ARGS)

base-image:
	pod_image/base_image.sh $(ARGS)

test: venv
	$(BIN)/pytest -n 2 $(ARGS)

# The library of another project is installed into an environment of its own, once.
interop: venv
	$(BIN)/pytest -q tests/interop $(ARGS)

benchmark: venv
	$(BIN)/python -m tests.benchmarks $(ARGS)

# Everything in every way there is, for an hour at most; what came of it goes into docs/nightly.md.
nightly: venv
	$(BIN)/python -m tests.nightly $(ARGS)

# Random input for what reads messages, for SECONDS each; what breaks it is kept in .seedbed/fuzz.
SECONDS ?= 60
fuzz: venv
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) $(ARGS)

check: venv
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_repository.py tests/test_docs.py tests/test_fixture_keys.py tests/test_requirements.py

venv: $(STAMP)

# A .venv whose interpreter is gone (moved folder, upgraded system) is made anew.
$(STAMP): requirements.lock pyproject.toml
	$(BIN)/python -c '' 2>/dev/null || { python=$$($(find_python)) \
	  && echo "Making .venv with $$python: about half a minute, once." >&2 \
	  && $$python -m venv --clear .venv; }
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Prints the first interpreter that will do; else says of each one found what it lacks.
define find_python
why=; \
for name in $${PYTHON:-python3 python3.13 python3.12 python3.11}; do \
  command -v "$$name" >/dev/null || continue; \
  found=$$($$name -c 'import sys; print(sys.version.split()[0])' 2>/dev/null) \
    || { why="$$why $$name does not run."; continue; }; \
  if ! $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
    why="$$why $$name is $$found, which is too old."; \
  elif ! $$name -c 'import ensurepip, venv' 2>/dev/null; then \
    why="$$why $$name ($$found) cannot make environments (Debian: apt-get install python3-venv)."; \
  else echo "$$name"; exit 0; fi; \
done; \
echo "Seedbed needs Python 3.11 or later with its venv module.$${why:- Looked in vain for: $${PYTHON:-python3}.}" >&2; \
echo "Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1
endef
