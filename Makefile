# One word per job; .ci/run says the same words. Paths are relative, so that a folder name with a
# space in it works.

SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV_PYTHON := .venv/bin/python
SEND := .venv/bin/send
STAMP := .venv/.installed
WORKSPACE := $${SEND_WORKSPACE:-data}

# Scripts in a virtual environment hold its address: a copied or moved project installs afresh.
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP)
endif

.PHONY: help setup install run lineage test test-long check bench bench-pages bench-load pictures docs lock clean browser accessibility sbom audit

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) browser ## make .venv from the lock, and find or install Chromium for the tests

$(STAMP): pyproject.toml requirements.lock .ci/setup
	@bash .ci/setup
	@printf '%s\n' "$(CURDIR)" > $(STAMP)

browser:
	@bash .ci/browser

install: ## make .venv with what the product needs and nothing of its tests: for a server
	@bash .ci/setup product

run: $(STAMP) ## make the sample county, build and publish it, open the dashboard
	@$(SEND) demo $(ARGS)

lineage: $(STAMP) ## open Dagster on this machine: every table, what it is made from, its checks
	@umask 077; mkdir -p "$(WORKSPACE)/.dagster"; chmod 0700 "$(WORKSPACE)/.dagster"
	@ulimit -c 0; umask 077; DAGSTER_DISABLE_TELEMETRY=yes DAGSTER_HOME="$$(cd "$(WORKSPACE)/.dagster" && pwd)" \
		$(VENV_PYTHON) -m dagster dev --host 127.0.0.1 --module-name pipelines.definitions

test: $(STAMP) browser ## run the tests (ARGS="-k name" narrows them)
	@$(VENV_PYTHON) -m pytest -n auto --dist loadfile -m "not long" $(ARGS)

test-long: $(STAMP) browser ## run every test, the long ones too
	@$(VENV_PYTHON) -m pytest -n auto --dist loadfile $(ARGS)

accessibility: $(STAMP) browser ## test every page with axe-core and write dashboards/accessibility.yml
	@SEND_WRITE_ACCESSIBILITY=1 $(VENV_PYTHON) -m pytest -n 0 tests/browser/test_accessibility.py $(ARGS)

check: $(STAMP) ## style, types, SQL, and whether the generated documents are current
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m mypy
	@$(VENV_PYTHON) -m sqlfluff lint sql
	@$(VENV_PYTHON) -m pipelines.registry.docs --check

bench: $(STAMP) browser ## time the product against the bare tools (reads SEND_REAL_DATA; rollback and pages of WORKSPACE)
	@$(VENV_PYTHON) bench/run.py --workspace "$(WORKSPACE)" $(ARGS)
	@echo 'Thirty readers at once on the pages of a published workspace: make bench-load'

bench-pages: $(STAMP) browser ## time the pages of WORKSPACE against an empty app, in Chromium
	@$(VENV_PYTHON) bench/pages.py --workspace "$(WORKSPACE)" $(ARGS)

pictures: $(STAMP) browser ## draw every page of WORKSPACE into docs/images: wide, dark, phone, print
	@$(VENV_PYTHON) bench/pictures.py --workspace "$(WORKSPACE)" $(ARGS)

bench-load: $(STAMP) ## thirty readers at once on the pages of WORKSPACE (ARGS="--processes 2 --minutes 30")
	@$(VENV_PYTHON) bench/load.py --workspace "$(WORKSPACE)" $(ARGS)

docs: $(STAMP) ## write docs/measures.md, data_dictionary.md, rules.md and council-returns.md
	@$(VENV_PYTHON) -m pipelines.registry.docs

sbom: $(STAMP) ## write build/sbom.json: every installed package, its version, licence and hashes (CycloneDX)
	@mkdir -p build
	@.venv/bin/cyclonedx-py environment --output-reproducible --of JSON -o build/sbom.json .venv

audit: $(STAMP) ## hold requirements.lock against the register of known weaknesses (asks pypi.org)
	@.venv/bin/uvx --from 'pip-audit>=2.10,<3' pip-audit --strict --disable-pip --require-hashes \
		-r requirements.lock $(ARGS)

lock: $(STAMP) ## resolve the dependencies into requirements.lock (ARGS=--upgrade renews them)
	@.venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 --extra dev \
		--no-header --no-strip-extras -o requirements.lock $(ARGS) pyproject.toml

clean: ## remove what the tools left behind; never data
	@rm -rf build .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	@find . -path ./.venv -prune -o -type d -name __pycache__ -exec rm -rf {} +
