# Sân Chơi: everything a person types. `make` alone lists it.
#
# Needed beforehand: make and Python 3.11 to 3.14. The rest is installed into .venv.
# Paths below are relative on purpose: the checkout may lie in a folder with spaces, and the venv's
# own scripts would not start there, hence `-m` everywhere.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# More for pytest, as in: make test-fast PYTEST_ARGS="-k autosave -x"
PYTEST_ARGS ?=
# Processes for the quick tests.
WORKERS ?= 2

FAST := not (postgres or journey or faults or slow or pages)
QUICK := not (postgres or journey or faults or slow)
DATABASE := postgres and not (journey or faults or slow)
WALKS := journey or slow

# An empty choice (pytest's 5) is a mistake, unless PYTEST_ARGS narrowed it.
pytest = $(PYTEST) $(2) -m "$(1)" $(PYTEST_ARGS) || { code=$$?; \
	[ $$code -eq 5 ] && [ -n '$(subst ','"'"',$(PYTEST_ARGS))' ] || exit $$code; }

.PHONY: help
help: ## list what make can do
	@awk -F ':.*## ' '/^# == /{printf "\n%s\n", substr($$0, 6)} \
		/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

# == Run it

.PHONY: run
run: setup ## start the site (demo data at first) on http://localhost:8000
	@exec $(PY) -m contest serve

.PHONY: setup
setup: ## install what the server needs into .venv (run does it too)
	@sh scripts/setup run

.PHONY: migrate
migrate: setup ## bring the database's tables up to date
	@$(PY) -m contest db upgrade

# == Change it

.PHONY: setup-dev
setup-dev: ## install the developers' tools too
	@sh scripts/setup dev

.PHONY: test-fast
test-fast: setup-dev ## the tests that need no server, browser or PostgreSQL (under a minute)
	@$(call pytest,$(FAST),-n $(WORKERS))

.PHONY: test
test: setup-dev test-tools ## all tests: quick ones, PostgreSQL, browser journeys, faults
	@echo "== 1/4 quick tests"
	@$(call pytest,$(QUICK),-n $(WORKERS))
	@echo "== 2/4 on PostgreSQL"
	@$(call pytest,$(DATABASE),-n $(WORKERS))
	@echo "== 3/4 journeys in a browser, packaging"
	@$(call pytest,$(WALKS),)
	@echo "== 4/4 faults"
	@$(call pytest,faults,)

.PHONY: faults
faults: setup-dev test-tools ## the long form: 25 kills of the server under load, on each database
	@FAULT_KILLS=$${FAULT_KILLS:-25}; export FAULT_KILLS; $(call pytest,faults,-v -s)

.PHONY: check
check: setup-dev ## style, types, import rules, translations, question bank, pinned packages
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c "import sys; sys.path.insert(0, ''); \
		from importlinter.cli import lint_imports_command as lint; lint()" --no-logo --no-cache
	@$(PY) scripts/translations.py
	@$(PY) -m contest bank check
	@$(PY) scripts/lock.py --check

.PHONY: bench
bench: setup-dev ## measure answers a second, boards and ranks on this machine
	@$(PY) -m bench

.PHONY: format
format: setup-dev ## rewrite the code in the house style
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

.PHONY: translations
translations: setup-dev ## put new texts into the English catalogue, drop unused ones
	@$(PY) scripts/translations.py --update

.PHONY: lock
lock: setup-dev ## pin packages again after a change in pyproject.toml (UPGRADE=1: newest versions)
	@$(PY) scripts/lock.py $(if $(UPGRADE),--upgrade)

.PHONY: wheel
wheel: setup-dev ## build an installable package into dist/
	@$(PY) -m build --wheel --no-isolation

.PHONY: clean
clean: ## remove .venv, caches and builds; data in var/ stays
	@rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Packages of the system that only tests need.
.PHONY: test-tools
test-tools:
	@sh scripts/install-test-tools
