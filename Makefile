# Each target does its own set-up and writes only inside this folder.
# Choose an interpreter with `make test PYTHON=python3.12`; each has its own .venv/<tag>.

PYTHON ?= python3
TAG := $(or $(shell $(PYTHON) -E tools/python_tag.py 2>/dev/null),unknown)
VENV := .venv/$(TAG)

RUN := $(VENV)/bin/python
MATURIN := VIRTUAL_ENV='$(CURDIR)/$(VENV)' $(VENV)/bin/maturin
PYTEST := $(RUN) -m pytest
STUBTEST := $(RUN) -m mypy.stubtest --mypy-config-file pyproject.toml onecross._core
# graphql-core 3.2 has a venv of its own, beside that of 3.3; both use the one build.
VENV_3_2 := $(VENV)-graphql-core-3.2
RUN_3_2 := PYTHONPATH='$(CURDIR)/python' $(VENV_3_2)/bin/python
CONFORMANCE := conformance/graphql_core.py
PYTEST_3_2 := $(RUN_3_2) -m pytest tests/graphql
MYPY_3_2 := $(RUN) -m mypy --python-executable $(VENV_3_2)/bin/python --follow-imports silent \
  $(wildcard python/onecross/graphql/*_3_2.py)
BENCH := $(RUN) benches/python/run.py
STADIUM := $(RUN) examples/stadium/main.py

# The venv holds one build of the extension: making either of these unmakes the other.
DEVELOP := $(VENV)/develop.built
RELEASE := $(VENV)/release.built
# Folders count as sources: their times change when a file appears or goes.
SOURCES := Cargo.toml Cargo.lock pyproject.toml $(shell find crates)

export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.cache/hypothesis
unexport CONDA_PREFIX PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build fmt lint test conformance bench soak demo docs lock clean machine

help: ## Print this list.
	@echo 'make <target> [PYTHON=python3.12]'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/build.installed $(VENV)/test.installed $(VENV)/lint.installed $(VENV_3_2)/test-3.2.installed ## Make the venv and install what is pinned.

build: $(DEVELOP) ## Build the extension as the tests want it.

fmt: $(VENV)/lint.installed ## Format Rust and Python.
	cargo fmt --all
	$(RUN) -m ruff check --quiet --fix-only
	$(RUN) -m ruff format

lint: $(VENV)/test.installed $(VENV)/lint.installed $(VENV_3_2)/test-3.2.installed ## Check format, lints, types and house rules.
	cargo fmt --all --check
	PYO3_PYTHON='$(CURDIR)/$(RUN)' cargo clippy --locked --workspace --all-targets -- -D warnings
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy
	$(MYPY_3_2)
	$(RUN) tools/check_versions.py
	$(RUN) tools/check_house_rules.py

test: $(DEVELOP) $(VENV)/test.installed $(VENV)/lint.installed $(VENV_3_2)/test-3.2.installed ## Run all tests, on both paths, and what is shown to users.
	env -u PYO3_PYTHON cargo test --locked
	$(PYTEST)
	$(STUBTEST)
	ONECROSS_PUBLIC_API=1 $(PYTEST)
	$(PYTEST_3_2)
	$(RUN) $(CONFORMANCE)
	$(RUN_3_2) $(CONFORMANCE)
	$(BENCH) --once
	$(STADIUM) --once

conformance: $(DEVELOP) $(VENV)/test.installed $(VENV_3_2)/test-3.2.installed ## Run graphql-core's own tests against the engine.
	$(RUN) $(CONFORMANCE)
	$(RUN_3_2) $(CONFORMANCE)

bench: $(RELEASE) $(VENV)/test.installed ## Measure against the rivals.
	$(BENCH)

soak: $(RELEASE) $(VENV)/test.installed ## Run what takes long: fuzz, leak and load.
	$(PYTEST) tests/soak -q

demo: $(RELEASE) $(VENV)/test.installed ## Answer 90,000 seats beside Strawberry.
	$(STADIUM)

docs: $(VENV)/docs.installed ## Build the documentation into site/.
	$(RUN) -m mkdocs build --strict

lock: $(VENV)/lock.installed ## Pin what requirements/*.in ask for.
	$(RUN) tools/lock_requirements.py

clean: ## Remove all that make has made.
	rm -rf .venv .cache target site python/onecross/_core*.so
	find . -name __pycache__ -prune -exec rm -rf {} +

machine:
	@command -v $(PYTHON) >/dev/null || { echo 'onecross needs CPython 3.11 or newer, and $(PYTHON)' \
	  'is not on the PATH: name another with make PYTHON=...' >&2; exit 1; }
	@$(PYTHON) -E tools/check_machine.py

$(RUN): | machine
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/%.installed: requirements/%.txt | $(RUN)
	$(RUN) -m pip install --disable-pip-version-check --quiet --requirement $<
	touch $@

$(VENV_3_2)/bin/python: | machine
	$(PYTHON) -m venv --clear $(VENV_3_2)

$(VENV_3_2)/%.installed: requirements/%.txt | $(VENV_3_2)/bin/python
	$(VENV_3_2)/bin/python -m pip install --disable-pip-version-check --quiet --requirement $<
	touch $@

$(DEVELOP): $(SOURCES) $(VENV)/build.installed
	rm -f $(RELEASE)
	$(MATURIN) develop --quiet --profile develop
	touch $@

$(RELEASE): $(SOURCES) $(VENV)/build.installed
	rm -f $(DEVELOP)
	$(MATURIN) develop --quiet --release
	touch $@
