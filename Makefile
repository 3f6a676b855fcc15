# One command for people and CI. `make demo` and `make test` need Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
SPREAD := --numprocesses auto --maxprocesses 4 --dist loadscope
unexport PYTHONDONTWRITEBYTECODE # or every process that tests start compiles all of perfrules

.PHONY: demo test check fmt lint types arch docs cov bench locale grammar clean

demo: .venv/demo.stamp ## Check the real 2023 report; exit status 1 means that it contradicts itself, as it does
	$(BIN)/perfrules check examples/lusong-2023 || test $$? -eq 1

test: .venv/browser.stamp ## All tests
	$(BIN)/python -m pytest $(SPREAD)
	$(BIN)/python -m pytest -q examples/quickstart/rules examples/budget-codes/rules --perfrules-examples 16

check: lint types arch docs test ## What must be green before anything lands

fmt: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/yamllint --strict rules examples perfrules/drafts/templates
	$(BIN)/check-jsonschema --schemafile perfrules/schemas/rules.schema.json $$(git ls-files '*.rules.yaml')
	$(BIN)/check-jsonschema --schemafile perfrules/schemas/pack.schema.json $$(git ls-files '*pack.yaml')
	$(BIN)/check-jsonschema --schemafile perfrules/schemas/dataset.schema.json $$(git ls-files '*dataset.yaml')
	$(BIN)/perfrules lint --strict rules/cn-overall-self-eval examples/quickstart/rules examples/budget-codes/rules

types: .venv/dev.stamp
	$(BIN)/mypy

arch: .venv/dev.stamp
	$(BIN)/lint-imports

docs: .venv/dev.stamp
	$(BIN)/python -m cogapp --check -P $$(git ls-files 'docs/*.md' 'README*.md')
	$(BIN)/python -m pytest -q README.md README.zh.md docs

cov: .venv/browser.stamp
	$(BIN)/python -m pytest $(SPREAD) --cov --cov-report=term-missing:skip-covered

bench: .venv/bench.stamp ## Ratios of the engine to its peers, in one table; rates of generated data; ten million verdicts against exact rationals
	PYTHONPATH=. $(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/generation.py
	$(BIN)/python benchmarks/exactness.py
	$(BIN)/python benchmarks/reports.py

locale: .venv/test.stamp ## Extract messages, merge them into the Chinese catalogues, compile these, and name what has no translation yet
	$(BIN)/python -m tests.locale.catalogues

grammar: .venv/test.stamp ## Compute the tables of grammar.lark and save them beside it
	$(BIN)/python -m tests.expr.tables

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/pip.stamp:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "perfrules needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --upgrade "pip>=25.1"
	touch $@

.venv/demo.stamp: .venv/pip.stamp pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

.venv/test.stamp: .venv/demo.stamp
	$(PIP) --group test
	touch $@

.venv/browser.stamp: .venv/test.stamp tests/browser.py
	$(BIN)/python -m tests.browser
	touch $@

.venv/dev.stamp: .venv/test.stamp
	$(PIP) --group dev
	touch $@

.venv/bench.stamp: .venv/test.stamp
	$(PIP) --group bench
	touch $@
