# Every target works on a fresh machine: it first installs its requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A worker takes whole files in the order of tests/conftest.py. By default xdist starts with files of
# many tests, so that the longest files, with one test each, would run last.
SPREAD := --dist loadfile --no-loadscope-reorder
BEGIN := $(shell date +%s)
CORES := $(shell nproc 2>/dev/null || echo 2)
# Two workers more than cores: the GitHub provider sleeps for a second after each variable and secret.
WORKERS ?= $(shell echo $$(($(CORES) + 2)))

# Without bytecode each worker, and each program under test, compiles all modules again: 2 s each.
export PYTHONDONTWRITEBYTECODE :=

# Hypothesis marks its tests itself.
PROPERTIES := hypothesis or process or shell or browser or large or gate or emulated

.PHONY: help setup up down test lint unit properties faults worlds acceptance mutants bench clean
help: ## show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(VENV)/.installed ## set up .venv and the engine
	@$(BIN)/slipway engine >/dev/null

$(VENV)/.installed: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "slipway needs Python >= 3.11: '$(PYTHON)' not found (set PYTHON=...)" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "slipway needs Python >= 3.11, $(PYTHON) is $$($(PYTHON) --version 2>&1) (set PYTHON=...)" >&2; exit 2; }
	@echo "setting up $(VENV): one to two minutes" >&2
	@$(PYTHON) -m venv $(VENV)
	@# --no-deps: the lock names every package. When pip 23.2 resolves dependencies, it treats one with
	@# an extra (coverage[toml]) as another package, takes a newer release, and refuses it: no hash.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@lacking=$$($(BIN)/python -m pip check --disable-pip-version-check) || { echo "$$lacking" >&2; exit 1; }
	@echo "$(VENV) is set up: $$(( $$(date +%s) - $(BEGIN) )) s" >&2
	@touch $@

up: setup ## start the sandbox and onboard its three repositories with the real engine
	@$(BIN)/slipway sandbox up

down: $(VENV)/.installed ## destroy the stack of `make up` and stop the sandbox
	@$(BIN)/slipway sandbox down

lint: $(VENV)/.installed ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.installed ## tests of the program alone, in about half a minute
	@# These tests do not wait, and each worker imports and collects them all: 4 s of CPU.
	tests/in_memory.sh $(BIN)/pytest tests/components tests/operations -n $(CORES) -m "not ($(PROPERTIES))"

properties: $(VENV)/.installed ## the others of these: any declaration, steps in a shell, signals, a browser, large stacks, AWS accounts, tokens at STS
	tests/in_memory.sh $(BIN)/pytest tests/components tests/operations -n $(WORKERS) -m "$(PROPERTIES)"

test: setup lint ## everything that CI runs: all tests except slow faults and acceptance
	@$(BIN)/python -m tests.projects.wheels >/dev/null
	tests/in_memory.sh $(BIN)/pytest -n $(WORKERS) $(SPREAD) --durations=15 -m "not slow" --ignore tests/acceptance/test_provider_acceptance.py

faults: setup ## every test with injected faults, also the slow ones: kills at each point, a full disk
	$(BIN)/pytest tests/e2e/faults -n $(WORKERS) $(SPREAD) --durations=15

worlds: setup ## two hundred drawn repositories: refused with nothing written, or `up` and an empty preview
	$(BIN)/pytest tests/e2e/worlds -n $(WORKERS) -rP

acceptance: setup ## the GitHub provider's own acceptance tests against the emulator (builds OpenTofu)
	$(BIN)/python -m tests.acceptance

mutants: setup ## change single expressions of trust, its comparison and explain: a unit test must fail for each
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .mutmut --no-deps --require-hashes -r tests/mutants/requirements.lock
	$(BIN)/python -m tests.mutants

bench: setup ## measure slipway beside OpenTofu for 5, 25 and 100 repositories, drift, validate and a preview's look
	$(BIN)/python -m tests.bench --sizes 5 25 100 --look 25 --observe 25 100 1000 --validate 25

clean: ## remove .venv and the sandbox's files
	@if [ -x $(BIN)/slipway ]; then $(BIN)/slipway sandbox stop; fi
	rm -rf $(VENV) .sandbox .mutmut mutants
