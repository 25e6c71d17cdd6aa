# lisse: everything that a person or a machine does with the project starts here.
#   make run      create .venv, install the pinned core and lisse, simulate the reference cell
#   make help     list of targets
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SPHINXOPTS ?=
PYTESTOPTS ?=
# PyBaMM would otherwise ask, or report, at its first import.
export PYBAMM_DISABLE_TELEMETRY := true

BUILD_INPUTS := pyproject.toml constraints.txt
SOURCES := $(shell find src -type f -not -path '*/__pycache__/*')
EDITABLE := $(VENV)/.stamp-editable

.PHONY: help run test test-slow lint format docs bench thermo-table readme constraints clean
# The two kinds of install share one environment, so they must not run at the same time.
.NOTPARALLEL:

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
	|| sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1  \2/p' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lisse needs Python 3.11 or newer; call make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

# Core only. Once a developer's install exists it stays editable, so that the tests see the working tree.
$(VENV)/.stamp-core: $(BUILD_INPUTS) $(SOURCES) | $(BIN)/python
	if [ ! -e $(EDITABLE) ]; then $(PIP) install --quiet -c constraints.txt .; \
	elif [ -n "$(filter $(BUILD_INPUTS),$?)" ]; then $(PIP) install --quiet -c constraints.txt --editable .; fi
	touch $@

$(VENV)/.stamp-%: $(BUILD_INPUTS) | $(BIN)/python
	$(PIP) install --quiet -c constraints.txt --editable '.[$(subst -,$(comma),$*)]'
	touch $(EDITABLE) $@
comma := ,

run: $(VENV)/.stamp-core ## install the core and simulate the reference cell
	$(BIN)/lisse run reference --mechanism contact_loss --mechanism cracks --mechanism cathode_interphase --out lisse-runs/reference

test: $(VENV)/.stamp-test-bpx-resolved-thermo-studies ## tests and doctests that take seconds
	$(BIN)/python -m pytest -n 2 -m "not slow" --doctest-modules src tests $(PYTESTOPTS)

test-slow: $(VENV)/.stamp-test-bpx-resolved-thermo-studies ## the checks that take minutes
	$(BIN)/python -m pytest -n 2 -m slow tests $(PYTESTOPTS)

lint: $(VENV)/.stamp-lint ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.stamp-lint ## let ruff put style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.stamp-docs ## build the documentation, warnings are errors
	$(BIN)/python -m sphinx -W --keep-going -b html $(SPHINXOPTS) docs docs/_build/html
	@echo "documentation: docs/_build/html/index.html"

bench: $(VENV)/.stamp-test-bpx-resolved-thermo-studies ## compare speed with PyBaMM, write benchmarks/results.json
	$(BIN)/python -m benchmarks

thermo-table: $(VENV)/.stamp-test-bpx-resolved-thermo-studies ## compute windows and contacts of the library from formation energies
	$(BIN)/python -m lisse.thermodynamics.library_table

readme: $(VENV)/.stamp-core ## write the results of lisse validate into README.md
	$(BIN)/python tools/update_readme.py

constraints: ## pin the newest versions that pyproject.toml accepts, all extras, in constraints.txt
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip --disable-pip-version-check install --quiet '.[bpx,resolved,thermo,studies,test,lint,docs]'
	{ sed -n '/^#/p' constraints.txt; build/constraints/bin/python -m pip freeze --exclude lisse; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

clean: ## remove the environment and everything that is made
	rm -rf $(VENV) build dist docs/_build lisse-runs .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
