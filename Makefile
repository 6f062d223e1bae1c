# quizapp: every command a newcomer needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo test check bench crash networks sabotage lock translations clean

help:  ## List these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("quizapp needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -q && apt-get install -y -q python3-venv && $(PYTHON) -m venv --clear $(VENV); \
	  else echo "Python cannot make a virtual environment: install the package python3-venv."; exit 1; fi; }
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.made
	@echo "Installing the locked packages…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.made
	@echo "Installing the locked packages, with those the tests need…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.run  ## Run a complete contest on this machine: http://localhost:8000
	@$(BIN)/python -m quizapp demo --port $(PORT)

test: $(VENV)/.dev  ## Run every test, in the browser too when a Chromium can be had
	@BIN=$(BIN) sh tests/browser/get_chromium.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(VENV)/.dev  ## Lint, types, contracts between the layers, then every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

bench: $(VENV)/.dev  ## Measure against an empty view and write docs/performance.md; PROFILE=smoke|quick|full
	$(BIN)/python -m benchmarks.run --profile $(or $(PROFILE),quick) --json bench.json --page docs/performance.md

crash: $(VENV)/.dev  ## Kill the server 200 times, cut the power, fill the disk: nothing acknowledged may be lost
	@command -v strace >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y -q strace; } \
	  || echo "strace is not here: power cuts and failing writes are left out."
	QUIZAPP_CRASH=full $(BIN)/python -m pytest -v -rs tests/crash

networks: $(VENV)/.dev  ## Play 200 scripts of bad networks in a real browser: what was shown as kept is kept
	@BIN=$(BIN) sh tests/browser/get_chromium.sh
	QUIZAPP_NETWORKS=200 $(BIN)/python -m pytest -v tests/browser/test_networks.py

sabotage: $(VENV)/.dev  ## Weaken one control at a time: a test must turn red for each
	$(BIN)/python -m tests.sabotage

lock: $(VENV)/.made  ## Resolve the dependencies again, with hashes and without addresses
	@$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --extra postgres pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --extra postgres --group dev pyproject.toml -o requirements-dev.txt

CATALOGUE := quizapp/translations/en.po

translations: $(VENV)/.dev  ## Take the texts of the screens into the English catalogue
	@$(BIN)/pybabel -q extract -F babel.toml --no-location --sort-output --no-wrap -o $(VENV)/texts.pot quizapp
	@$(BIN)/pybabel -q update -i $(VENV)/texts.pot -o $(CATALOGUE) -l en --no-wrap --no-fuzzy-matching \
	  --ignore-obsolete --ignore-pot-creation-date
	@echo "$(CATALOGUE) is up to date: translate each empty msgstr in it."

clean:  ## Remove the environment, caches and the demo database
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis instance
