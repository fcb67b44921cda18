# make study      set up, run the study, say where the report is
# make lint       set up, then style, types, which room imports which, declared dependencies
# make test       the same, then all tests except the slow ones
# make test-all   the slow ones too, as CI does
# make lab        set up and open the notebooks in JupyterLab
# make reference  publish what was run: outputs/reference/ and the results in the README
# make bench      run all benchmarks and quote them in docs/benchmarks.md
# make lock       pin the newest versions of all dependencies again

PYTHON ?= python3
PROFILE ?= quick
BIN := .venv/bin
SETUP := .venv/.installed
PYTEST := $(BIN)/pytest --numprocesses 2 --dist loadscope

.PHONY: study lint test test-all lab reference bench lock

study: $(SETUP)
	$(BIN)/modclock run --profile $(PROFILE)

lint: $(SETUP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry lib notebooks benchmarks

test: lint
	$(PYTEST) -m "not slow"

test-all: lint
	$(PYTEST)

lab: $(SETUP)
	$(BIN)/jupyter lab notebooks

reference: $(SETUP)
	$(BIN)/python -m modclock.study.report.publishing

bench: $(SETUP)
	$(BIN)/python benchmarks/quote.py

# The stamp is newer than what it was made from, so an unchanged set-up is not repeated.
$(SETUP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; $(PYTHON) is " + sys.version.split()[0] + ". make PYTHON=python3.11 takes another.")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

lock: $(SETUP)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 \
	  --all-extras --no-annotate --custom-compile-command "make lock" \
	  --output-file requirements.lock pyproject.toml
