# Yinxin 印信. `make help` lists what can be done here.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
WORLD ?= data/var/demo
TRANSLATED := $(patsubst %.po,%.mo,$(wildcard data/locales/*/LC_MESSAGES/*.po))
# What the tests need of Debian besides Python.
DEBIAN := chromium chromium-headless-shell faketime poppler-utils postgresql qpdf mupdf-tools \
  libnss3-tools fonts-noto-cjk openssl
# The console's page of the guide says how each test ended last.
PYTEST := $(BIN)/python -m pytest --results data/var/test-results.json

export PYTHONUTF8 := 1
# Many tests start processes: each would compile again what it imports where this is set outside.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run setup test check lock schema docs bench bench-peers simulate shots guide prove clean

help: ## This list
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(WORLD)/world.toml ## Set up, make the demo world if there is none, open the console
	@exec $(BIN)/yinxin serve

setup: .venv/.stamp $(TRANSLATED) ## Environment from the lock, compiled translations

test: setup ## Every test, with reduced counts (at most 10 minutes); installs Debian's packages
	@$(BIN)/python tools/ensure_debian.py $(DEBIAN)
	start=$$(date +%s)
	$(PYTEST) -n 2 --dist loadgroup --transitions --ignore=tests/browser tests
	# What failed while two browsers shared the machine has to pass alone.
	$(PYTEST) -n 2 --dist loadfile tests/browser || $(PYTEST) --last-failed tests/browser
	echo "tests took $$(( $$(date +%s) - start )) s"

check: setup ## Formatting, lint, types, layers
	@$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

lock: .venv/.stamp ## Resolve the dependencies anew into requirements.lock
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --group dev --extra cluster \
	  --universal --generate-hashes --upgrade --quiet --output-file requirements.lock

schema: setup ## Write each stage's schema.sql from its migrations
	@$(BIN)/python tools/schema.py

docs: setup ## Write docs/rows.md and docs/guide.json from the tests' markers, docs/help.md from data/help, docs/architecture.md and data/api/refusals.json from the code
	@$(BIN)/python tools/docs.py
	$(BIN)/python tools/architecture.py
	$(BIN)/python -m tools.refusals

bench: setup ## Measure, and append to docs/benchmarks.json
	@$(BIN)/python tools/bench.py

bench-peers: ## django-ca, certomancer and polars in an environment of their own (data/var), for `make bench`
	@$(PYTHON) -m venv data/var/peers/venv
	data/var/peers/venv/bin/python -m pip install --quiet --disable-pip-version-check \
	  django-ca==3.2.0 certomancer==0.16.0 polars==2.1.0
	data/var/peers/venv/bin/python -m pip list --disable-pip-version-check

simulate: setup ## A small seeded population through the real engine
	@$(BIN)/yinxin simulate data/scenarios/quiet_day.toml --people 300 --seed 1 --workers 2 \
	  --out data/var/runs/$$(date +%Y%m%d-%H%M%S)

shots: setup ## Pictures of every screen into data/var/shots; SHOTS=--readme takes the README's
	@$(BIN)/python tools/ensure_debian.py chromium fonts-noto-cjk
	$(BIN)/python tools/shots.py $(SHOTS)

guide: setup ## The guide's steps in a browser, with a picture of each for the console's page
	@$(BIN)/python tools/ensure_debian.py chromium-headless-shell fonts-noto-cjk
	$(PYTEST) -m guide --pictures data/var/shots/guide tests/browser

prove: setup ## The tests with their full counts (at most 45 minutes), into docs/testing-in-full.md
	@$(BIN)/python tools/ensure_debian.py $(DEBIAN)
	$(BIN)/python tools/prove.py
	$(BIN)/python -m tools.proving.seeds --keep

clean: ## Remove the environment and compiled translations; keeps data/var
	@rm -rf .venv build *.egg-info data/locales/*/LC_MESSAGES/*.mo

.venv/.stamp: requirements.lock pyproject.toml
	@if [ ! -x $(BIN)/python ]; then
	  echo "Making .venv with $$($(PYTHON) --version)"
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or newer is needed: make $@ PYTHON=/path/to/python3.11"; exit 1; }
	  $(PYTHON) -m venv .venv \
	    || { echo "Install it first: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	fi
	if [ "$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2)" != "$(UV_VERSION)" ]; then
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	fi
	echo "Installing what requirements.lock names"
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $@

%.mo: %.po .venv/.stamp
	@$(BIN)/python tools/locales.py --compile

$(WORLD)/world.toml: | setup
	@echo "Making the demo world in $(WORLD): 200 people live through thirty days, in two or three minutes"
	$(BIN)/yinxin make demo --path $(WORLD)
