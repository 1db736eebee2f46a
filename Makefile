# Everything runs from .venv, which `make setup` builds from hashed lock files.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
CODE := domain charters letters telemetry sealing ledger keyservice workflows activities identity engine worker mail operations starter reporting simulation demo benchmarks tests
# One more than a small machine has processors: much of the suite waits for servers.
WORKERS ?= 3
ARGS ?=

# Prints the interpreter to build with: the first that is new enough and really runs
# (a version manager may leave a name on PATH that only prints an error); never that of .venv
# itself, which stands first on PATH where it was activated, and is deleted.
FIND_PYTHON = PATH="$${PATH//$(CURDIR)\/.venv\/bin:/}"; for name in $${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		command -v "$$name"; exit 0; fi; done; \
	echo "No Python 3.11 or newer was found$${PYTHON:+ as $$PYTHON}. Name one: make setup PYTHON=/path/to/python3" >&2; exit 1
export PYTHON

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(READY) ## build .venv from the lock files (again only when they change)
	@:

$(READY): requirements/dev.txt pyproject.toml
	@python="$$($(FIND_PYTHON))"; \
	echo "setting up .venv with $$("$$python" -V)"; \
	rm -rf .venv; \
	if ! said="$$("$$python" -m venv .venv 2>&1)"; then \
		echo "$$said" >&2; \
		echo "$$python cannot make a virtual environment (on Debian and Ubuntu: apt-get install python3-venv)." >&2; \
		echo "Install that, or name another: make setup PYTHON=/path/to/python3" >&2; \
		rm -rf .venv; exit 1; \
	fi
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: demo
demo: $(READY) ## run the sample complaints on the embedded server
	@$(BIN)/uphold demo $(ARGS)

.PHONY: letters
letters: $(READY) ## write the book of all letters (var/letters.html)
	@$(BIN)/uphold notice book --out var/letters.html $(ARGS)

.PHONY: test
test: $(READY) ## run every test (ARGS="-k name" to choose)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --ignore tests/cluster $(ARGS)

.PHONY: cluster-test
cluster-test: $(READY) ## run what needs a real Temporal cluster (Go builds it the first time: 10 to 20 minutes)
	@$(BIN)/python -m tests.cluster.programs
	@$(BIN)/python -m pytest tests/cluster
	@$(BIN)/python -m tests.cluster.stories $(ARGS)

.PHONY: check
check: format-check lint types test ## everything that has to pass before a change lands

.PHONY: format
format: $(READY) ## lay the code out and mend what can be mended
	@$(BIN)/ruff check --fix --quiet $(CODE) || true
	@$(BIN)/ruff format $(CODE)

.PHONY: format-check
format-check: $(READY)
	@$(BIN)/ruff format --check $(CODE)

.PHONY: lint
lint: $(READY) ## lint code, YAML, Dockerfile and the compose file
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/yamllint --strict docker-compose.yml .yamllint.yaml deploy
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

.PHONY: types
types: $(READY) ## check the types
	@$(BIN)/mypy $(CODE)

.PHONY: bench
bench: $(READY) ## measure Uphold beside a bare workflow
	@$(BIN)/python -m benchmarks $(ARGS)

# No index address is written down, so the locks install from any index.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.PHONY: lock
lock: ## make the lock files anew from pyproject.toml (ARGS=--upgrade for newer pins)
	@test -x $(BIN)/uv || { echo "make setup first" >&2; exit 1; }
	@$(LOCK) $(ARGS) pyproject.toml --output-file requirements/runtime.txt
	@$(LOCK) $(ARGS) --group build --output-file requirements/build.txt
	@$(LOCK) $(ARGS) pyproject.toml --extra embedded --group dev \
		--output-file requirements/dev.txt

.PHONY: clean
clean: ## remove the environment, caches and everything the demo left
	@rm -rf .venv build dist var .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
