# Everything a fresh machine with Python >= 3.11 and make needs; every target makes .venv itself.
# Paths are relative on purpose: make cannot hold a name with a space in it, the directory above us may have one.

PYTHON ?= python3
PYTEST_ARGS ?=

PY := .venv/bin/python
PIP := $(PY) -m pip -qq --disable-pip-version-check
PYTEST := $(PY) -m pytest --quiet --numprocesses auto

# Names without a line for `make help`: what stands in .venv by now, one stamp for each set of packages.
PACKAGE := .venv/.package
DEV := .venv/.dev
BENCH := .venv/.bench

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-slow lint bench rules changelog clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  PYTHON=python3.13 chooses the interpreter, PYTEST_ARGS='-k line' goes to pytest."

demo: $(PACKAGE) ## Lay out a small repository in demo/ and run real workflows over it
	@.venv/bin/irl demo

test: $(DEV) ## Run the tests but the slow ones
	@$(PYTEST) -m "not slow" $(PYTEST_ARGS)

test-slow: $(DEV) ## Run the tests that take minutes
	@$(PYTEST) -m slow --timeout 1800 $(PYTEST_ARGS)

lint: $(DEV) ## Check style, types, the house rules and every snippet of the documentation
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(PYTEST) tests/test_house.py tests/docs

bench: $(BENCH) ## Print what a line costs, side by side with other libraries
	@$(PY) benchmarks/lines.py
	@$(PY) benchmarks/redaction.py

rules: $(PACKAGE) ## Write down what the rules of redaction ask, after a change to them
	@$(PY) -m irl_logging.redaction.described

changelog: $(DEV) ## Show what the next release's section of CHANGELOG.md will say
	@$(PY) -m towncrier build --draft

clean: ## Remove all that make has made, .venv too
	rm -rf .venv build dist demo *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PACKAGE): pyproject.toml
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "irl_logging needs Python 3.11 or newer; no $(PYTHON) was found. Try: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "irl_logging needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.13" >&2; exit 1; }
	@echo "Making .venv"
	@test -x $(PY) || "$(PYTHON)" -m venv .venv
	@$(PIP) install 'pip>=25.1'
	@$(PIP) install --editable .
	@touch $@

$(DEV): $(PACKAGE)
	@echo "Installing the tools of the tests and the linters"
	@$(PIP) install --group dev
	@touch $@

$(BENCH): $(PACKAGE)
	@$(PIP) install --group bench
	@touch $@
