# `make demo` and `make test` need nothing but make, bash and a network on their first run; the second
# run downloads nothing. OPEN=0 lets the demo end after its printed result.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# How many test processes run side by side.
JOBS ?= 2
# Random worlds of `make worlds`.
WORLDS ?= 20000
# Sizes and rounds of the benchmark.
ROWS ?= 1000000,5000000
TIMES ?= 3
# Rooms whose questions are asked of SQLite; all others are asked of DuckDB.
SQLITE := $(wildcard reconcile/sql/state reconcile/sql/firing reconcile/sql/decisions)
OPEN ?= 1
export PYTHON CHROMIUM

.PHONY: help demo test checks lint types imports sql tests coverage chromium mutants worlds bench ui-bench screenshots kills constraints clean

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@python="$$(tools/ensure_system.sh python)"; \
	echo "making $(VENV) with $$python"; \
	"$$python" -m venv --clear $(VENV)

# The stamps are renewed only when what they depend on changed: no install, no download otherwise.
$(VENV)/.demo: $(BIN)/python pyproject.toml constraints.txt
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	@echo "installing what the product needs (about a minute, only when it changed)"
	@$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt requirements.txt
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	@echo "installing the product with its tools and notebooks (about a minute, only when it changed)"
	@$(PIP) install --quiet -r requirements.txt
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo ## reconcile the sample data, print the result, open the dashboard (OPEN=0: only print)
	@$(BIN)/python -m reconcile demo $(if $(filter 0,$(OPEN)),--no-open)

test: checks tests ## everything that CI runs

# Two at a time, because most of them work on one core.
checks: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs 2 lint types imports sql

lint: $(VENV)/.dev ## house style of the Python code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## strict types
	$(BIN)/mypy

imports: $(VENV)/.dev ## the arrows and doors between the rooms
	@log="$$($(BIN)/lint-imports --no-cache)" && tail -n 2 <<<"$$log" || { echo "$$log"; exit 1; }

sql: $(VENV)/.dev ## form of the SQL files, portable subset of the matching questions
	$(BIN)/python -m tools.sql_lint
	$(BIN)/sqlfluff lint --processes 2 --dialect duckdb $(filter-out $(SQLITE),$(wildcard reconcile/sql/*))
	$(BIN)/sqlfluff lint --processes 2 --dialect sqlite $(SQLITE)

chromium:
	@tools/ensure_system.sh chromium >/dev/null

# The browser's event loop stays open in its process, where other tests could open none of their own.
tests: $(VENV)/.dev chromium ## unit, law and end-to-end tests
	CHROMIUM="$$(tools/ensure_system.sh chromium)" $(BIN)/python -m pytest -q -m e2e
	$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m "not e2e"

coverage: $(VENV)/.dev chromium ## which lines of the package no test reaches
	CHROMIUM="$$(tools/ensure_system.sh chromium)" $(BIN)/python -m pytest -q -n $(JOBS) --cov

mutants: $(VENV)/.dev ## break each marked rule of the matching SQL; a test must notice
	$(BIN)/python -m tools.mutants

worlds: $(VENV)/.dev ## hold many random worlds against the plain reading of the rules (WORLDS=20000)
	WORLDS=$(WORLDS) $(BIN)/python -m pytest -q -n $(JOBS) tests/test_matching_agreement.py

bench: $(VENV)/.dev ## measure ours and other tools, write docs/performance.md (ROWS=1000000,5000000 TIMES=3)
	$(BIN)/python -m benchmarks --rows $(ROWS) --times $(TIMES)
	$(BIN)/python -m benchmarks page

ui-bench: $(VENV)/.dev chromium ## measure the dashboard in a real browser over 5,000,000 rows a side
	CHROMIUM="$$(tools/ensure_system.sh chromium)" $(BIN)/python -m benchmarks.ui_bench

screenshots: $(VENV)/.dev chromium ## draw every screen into docs/pictures: light and dark, wide and narrow
	CHROMIUM="$$(tools/ensure_system.sh chromium)" $(BIN)/python -m tools.screenshots

kills: $(VENV)/.dev ## kill -9 a firing process 100 times in each mode, for minutes; nothing may be doubled or lost
	$(BIN)/python tests/firing_kills.py --kills 100 --rows 4000

constraints: $(VENV)/.dev ## pin every package anew, for all systems
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 \
	    --extra dev --extra notebooks --no-annotate --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make constraints" --output-file constraints.txt pyproject.toml

clean: ## remove the environment, caches and the demo's data; never the warehouse or the ledger
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage .coverage.* htmlcov build dist outputs test-results data/demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
