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
SQLITE3_SUITE := $(RUN) conformance/sqlite3_suite.py
DBAPI20 := $(RUN) conformance/dbapi20.py
SQLALCHEMY_SUITE := $(RUN) conformance/sqlalchemy_suite.py
DJANGO_SUITE := $(RUN) conformance/django_suite.py
PYTEST_3_2 := $(RUN_3_2) -m pytest -p no:asyncio tests/graphql
MYPY_3_2 := $(RUN) -m mypy --python-executable $(VENV_3_2)/bin/python --follow-imports silent \
  $(wildcard python/onecross/graphql/*_3_2.py)
BENCH := $(RUN) benches/python/run.py
BENCH_3_2 := $(RUN_3_2) benches/python/run.py
STADIUM := $(RUN) examples/stadium/main.py
SEATS_SQL := $(RUN) examples/seats_sql/main.py
SEATS_SQL_COLUMNS := $(RUN) examples/seats_sql/columns.py
STRAWBERRY_DJANGO := $(RUN) examples/strawberry_django/main.py
GRAPHENE_DJANGO := $(RUN_3_2) examples/graphene_django/main.py

# What `make soak` takes its time for: the columns have these seconds, the others share as many.
FUZZ_SECONDS ?= 600
FUZZ_TARGETS := columns json_values json_holes graphql_agreement graphql_documents
FUZZ_SQLITE_TARGETS := sqlite_statements sqlite_tables
CARGO_FUZZ := .cache/cargo-fuzz/bin/cargo-fuzz
# Nothing that is fuzzed here may be unsafe, so there is nothing for a sanitizer to find.
FUZZ := CARGO_TARGET_DIR='$(CURDIR)/target/fuzz' RUSTC_BOOTSTRAP=1 \
  $(CARGO_FUZZ) run --fuzz-dir fuzz --sanitizer none
# SQLite, and what calls it, are built so that each access to memory is checked.
SANITIZED := CARGO_TARGET_DIR='$(CURDIR)/target/sanitized' RUSTC_BOOTSTRAP=1 \
  CFLAGS='-fsanitize=address -fno-omit-frame-pointer'
FUZZ_SQLITE := $(SANITIZED) $(CARGO_FUZZ) run --fuzz-dir fuzz --sanitizer address
SANITIZED_TESTS = $(SANITIZED) RUSTFLAGS=-Zsanitizer=address env -u PYO3_PYTHON \
  cargo test --locked --target $(shell rustc --print host-tuple) -p onecross-sqlite
FUZZ_PART = $$(($(FUZZ_SECONDS) / 6))
FUZZ_OPTIONS := -timeout=60 -max_len=4096 -artifact_prefix=.cache/fuzz/ -print_final_stats=1
FUZZ_FORMAT := rustfmt --edition 2024 fuzz/src/lib.rs fuzz/fuzz_targets/*.rs
# Allocated memory is filled with what is no address, so that none is taken for one unnoticed.
VALGRIND := PYTHONMALLOC=malloc valgrind --quiet --leak-check=no --error-exitcode=9 \
  --num-callers=30 --malloc-fill=cd --free-fill=dd --suppressions=tests/soak/valgrind.supp
# Panics, which only builds for tests can be made to have; processes of their own, which valgrind
# does not see; sizes of the stack, which it changes; what only counts memory, over many rounds; a
# script of many thousand statements; libraries of others over our connections, which are long in
# being imported and call nothing of ours that is not called elsewhere.
NOT_UNDER_VALGRIND := \
  --ignore=tests/boundary/test_panics.py \
  --ignore=tests/boundary/test_public_api.py \
  --ignore=tests/boundary/test_depth.py \
  --ignore=tests/boundary/test_left_as_found.py \
  --ignore=tests/sql/test_sql_panics.py \
  --ignore=tests/sql/test_fork.py \
  --ignore=tests/sql/test_sql_memory_errors.py \
  --ignore=tests/sql/test_scripts.py \
  --ignore=tests/sql/test_shared_connections.py \
  --ignore=tests/sql/sqlite3/test_shared_cache.py \
  --ignore=tests/sql/test_pandas.py \
  --ignore=tests/sql/test_polars.py \
  --ignore=tests/sql/test_sqlalchemy.py \
  --ignore=tests/sql/django_backend \
  --deselect=tests/boundary/test_attribute_reader.py::test_ten_thousand_classes_pass_and_none_is_kept \
  --deselect=tests/boundary/test_shapes.py::test_no_memory_is_kept_for_an_object_of_a_shape
# Two halves, of about as much work, that run beside each other.
UNDER_VALGRIND := 'tests/boundary tests/sql tests/graphql --ignore-glob=*/graphql/test_[f-z]*' \
  'tests/graphql --ignore-glob=*/graphql/test_[a-e]*'

# The venv holds one build of the extension: making either of these unmakes the other.
DEVELOP := $(VENV)/develop.built
RELEASE := $(VENV)/release.built
# Folders count as sources: their times change when a file appears or goes.
SOURCES := .cargo/config.toml Cargo.toml Cargo.lock pyproject.toml $(shell find crates)

export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.cache/hypothesis
unexport CONDA_PREFIX PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build fmt lint test conformance bench soak fuzz sanitize valgrind demo docs lock clean machine
.PHONY: $(FUZZ_TARGETS:%=fuzz-%) $(FUZZ_SQLITE_TARGETS:%=fuzz-%)

help: ## Print this list.
	@echo 'make <target> [PYTHON=python3.12]'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/build.installed $(VENV)/test.installed $(VENV)/lint.installed $(VENV_3_2)/test-3.2.installed ## Make the venv and install what is pinned.

build: $(DEVELOP) ## Build the extension as the tests want it.

fmt: $(VENV)/lint.installed ## Format Rust and Python.
	cargo fmt --all
	$(FUZZ_FORMAT)
	$(RUN) -m ruff check --quiet --fix-only
	$(RUN) -m ruff format

lint: $(VENV)/test.installed $(VENV)/lint.installed $(VENV_3_2)/test-3.2.installed ## Check format, lints, types and house rules.
	cargo fmt --all --check
	$(FUZZ_FORMAT) --check
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
	$(SQLITE3_SUITE)
	$(DBAPI20)
	$(SQLALCHEMY_SUITE)
	$(DJANGO_SUITE)
	$(BENCH) --once
	$(BENCH_3_2) --once
	$(STADIUM) --once
	$(SEATS_SQL) --once
	$(SEATS_SQL_COLUMNS) --once
	$(STRAWBERRY_DJANGO) --once
	$(GRAPHENE_DJANGO) --once

conformance: $(DEVELOP) $(VENV)/test.installed $(VENV_3_2)/test-3.2.installed ## Run other people's suites against us.
	$(RUN) $(CONFORMANCE)
	$(RUN_3_2) $(CONFORMANCE)
	$(SQLITE3_SUITE)
	$(DBAPI20)
	$(SQLALCHEMY_SUITE)
	$(DJANGO_SUITE)

bench: $(RELEASE) $(VENV)/test.installed $(VENV_3_2)/test-3.2.installed ## Measure against the rivals.
	$(BENCH)
	$(BENCH_3_2)

soak: fuzz sanitize $(RELEASE) $(VENV)/test.installed $(VENV_3_2)/test-3.2.installed valgrind ## Run what takes long: fuzz, 100,000 requests, leak, load.
	ONECROSS_EVERY_FAULT=1 env -u PYO3_PYTHON cargo test --locked --release -p onecross-sqlite --test faults
	$(PYTEST) tests/soak -q
	$(RUN_3_2) -m pytest -p no:asyncio tests/soak/test_differential.py -q

fuzz: $(CARGO_FUZZ) ## Attack the pure crates for FUZZ_SECONDS, and the driver.
	printf '%s\n' $(FUZZ_TARGETS) $(FUZZ_SQLITE_TARGETS) | xargs -P 2 -I '{}' $(MAKE) 'fuzz-{}'

fuzz-columns: FUZZ_PART = $(FUZZ_SECONDS)
$(FUZZ_SQLITE_TARGETS:%=fuzz-%): FUZZ = $(FUZZ_SQLITE)
$(FUZZ_TARGETS:%=fuzz-%) $(FUZZ_SQLITE_TARGETS:%=fuzz-%): fuzz-%: $(CARGO_FUZZ)
	mkdir -p .cache/fuzz/$*
	$(FUZZ) $* .cache/fuzz/$* -- -max_total_time=$(FUZZ_PART) $(FUZZ_OPTIONS)

sanitize: ## Test the SQLite driver with each access to memory checked, SQLite's own included.
	$(SANITIZED_TESTS)

valgrind: $(RELEASE) $(VENV)/test.installed ## Watch each access to memory while the boundary is tested.
	@command -v valgrind >/dev/null || { echo 'onecross needs valgrind for this, and it is not on' \
	  'the PATH: install it.' >&2; exit 1; }
	printf '%s\n' $(UNDER_VALGRIND) | xargs -P 2 -I '{}' \
	  sh -c "$(VALGRIND) $(PYTEST) {} -q -o timeout=0 $(NOT_UNDER_VALGRIND)"

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

$(CARGO_FUZZ):
	cargo install --quiet --locked --root .cache/cargo-fuzz --target-dir target/cargo-fuzz \
	  cargo-fuzz@0.13.1

$(DEVELOP): $(SOURCES) $(VENV)/build.installed
	rm -f $(RELEASE)
	$(MATURIN) develop --quiet --profile develop
	touch $@

$(RELEASE): $(SOURCES) $(VENV)/build.installed
	rm -f $(DEVELOP)
	$(MATURIN) develop --quiet --release
	touch $@
