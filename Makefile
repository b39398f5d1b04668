# `make` alone prints the menu. Paths are relative on purpose: the project may lie under a path with spaces.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

# A run has a worker for each processor, which takes whole files: their tests share servers and keep their order. Where
# ARGS names a file it has none, unless WORKERS says otherwise.
WORKERS ?= $(if $(findstring .py,$(ARGS)),0,logical)
PYTEST := $(BIN)/python -m pytest --numprocesses=$(WORKERS) --maxprocesses=8 --dist=loadfile --no-loadscope-reorder

.DEFAULT_GOAL := menu
.NOTPARALLEL:
.PHONY: menu run demo test check style lint types imports fresh browser chaos bench docs golden fmt lock clean

menu:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## Start the whole platform with the demo county; Ctrl-C stops it
	@exec $(BIN)/commonwatch up --demo

demo: $(READY) ## Watch a hazard travel through every party, each step checked
	@exec $(BIN)/python -m demo

test: $(READY) ## Run the tests; one folder or name with ARGS="tests/unit -k machine"
	@echo "== tests"
	@$(PYTEST) -m "not browser and not chaos" $(ARGS)

check: style lint types imports fresh test ## Everything a change must pass: style, lint, types, imports, docs, tests

style: $(READY)
	@echo "== format"
	@$(BIN)/ruff format --check .

lint: $(READY) ## Only ruff's rules
	@echo "== lint"
	@$(BIN)/ruff check .

types: $(READY) ## Only the types
	@echo "== types"
	@$(BIN)/pyright --pythonpath $(BIN)/python

imports: $(READY) ## Only the rules of who may import whom
	@echo "== imports"
	@$(BIN)/lint-imports --no-logo

fresh: $(READY)
	@echo "== docs"
	@$(BIN)/commonwatch docs --check

browser: $(READY) ## The pages in a real Chromium
	@$(PYTEST) --dist=load -m browser $(ARGS) tests/browser

chaos: $(READY) ## Kill, pause and cut processes at length; check that nothing was lost or doubled
	@$(BIN)/python -m pytest -m chaos $(ARGS) tests/chaos

bench: $(READY) ## Measure against the floor of this machine; writes var/bench.json
	@$(BIN)/python tests/bench/run.py $(ARGS)

docs: $(READY) ## Write the generated documents: docs/ and schemas/
	@$(BIN)/commonwatch docs

golden: $(READY) ## Draft samples for events and fields that have none; what exists stays as it is
	@$(BIN)/python tests/contract/golden.py

fmt: $(READY) ## Format, and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(READY) ## Lock requirements/*.in; newer releases with UPGRADE=--upgrade
	@$(COMPILE) requirements/run.in --output-file requirements/run.txt
	@$(COMPILE) requirements/dev.in --constraint requirements/run.txt --output-file requirements/dev.txt

clean: ## Remove what can be made again; the platform's data under var/ stays
	rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment for running and developing; made again whenever the lock or the package's own description changes.
$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Commonwatch needs Python 3.11 or newer; name one with `make PYTHON=python3.12 ...`.'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'This Python cannot make environments; on Debian and Ubuntu: apt-get install python3-venv.'; exit 1; }
	@echo "Installing what Commonwatch needs into .venv (once, and after each change of the lock)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(READY)
