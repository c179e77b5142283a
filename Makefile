SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

PORT ?= 8866
MINUTES ?= 10
BIN := .venv/bin
PINNED := .venv/.pinned
READY := .venv/.ready
PEERS := .bench/peers/.pinned

.PHONY: help serve lab teach test lint bench soak mutants pictures requirements clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: $(READY) ## Serve the chapters as dashboards on http://127.0.0.1:8866/ (PORT= changes it)
	@exec $(BIN)/python -m servicequality.site chapters --port $(PORT)

lab: $(READY) ## Open JupyterLab as a student sees it, in the folder .lab/
	@exec $(BIN)/python -m servicequality.site.lab

teach: $(READY) ## Open JupyterLab as an instructor sees it, with nbgrader's Formgrader
	@exec $(BIN)/python -m servicequality.site.lab --teach

test: lint browser sandbox ## Run every test, browser tests included
	@exec $(BIN)/python -m pytest -n logical --dist loadfile

lint: $(READY) ## Check style, types and import rules
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) $(PEERS) browser ## Measure pages, sliders, datasets, models and grading beside alternatives
	@exec $(BIN)/python tests/bench/run.py

soak: $(READY) ## Let simulated readers come and go for ten minutes (MINUTES= changes it)
	@exec $(BIN)/python tests/soak/run.py --minutes $(MINUTES)

mutants: $(READY) ## Change the models a little and see whether tests notice (MODULE= picks one)
	@exec $(BIN)/python tests/mutants/run.py $(MODULE)

pictures: $(READY) ## Draw the pictures of the front page again
	@exec $(BIN)/python -m servicequality.pictures chapters

requirements: $(READY) ## Pin again the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
		--quiet --no-annotate --no-header --no-emit-index-url -o requirements.txt
	$(BIN)/uv pip compile tests/bench/peers/requirements.in --constraint requirements.txt --universal \
		--python-version 3.11 --upgrade --quiet --no-annotate --no-header --no-emit-index-url \
		-o tests/bench/peers/requirements.txt

clean: ## Remove the environment and caches; keeps students' and graders' work
	@rm -rf .venv .bench .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf src/servicequality/widgets/static
	find src tests chapters exercises grading -name __pycache__ -prune -exec rm -rf {} +

# The pinned packages, and nothing else: a changed list means a fresh environment.
$(PINNED): requirements.txt
	@python=
	for candidate in python3.11 python3 python3.12 python3.13; do
		if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
			python=$$candidate
			break
		fi
	done
	if [ -z "$$python" ]; then
		echo "Python 3.11 or later is needed: $$(python3 --version 2>&1 || true) is what python3 is here." >&2
		exit 1
	fi
	if ! $$python -c 'import ensurepip, venv' 2> /dev/null; then
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
			apt-get update -qq
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv > /dev/null
		else
			echo "Python's venv module is missing; install it: sudo apt-get install python3-venv" >&2
			exit 1
		fi
	fi
	echo "Building .venv with $$($$python --version); this takes a minute or two, once."
	$$python -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
	touch $@

$(READY): $(PINNED) pyproject.toml src/servicequality/build_hook.py
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# What our site is measured beside has an environment of its own.
$(PEERS): tests/bench/peers/requirements.txt | $(READY)
	@echo "Building .bench/peers; this takes a minute or two, once."
	$(BIN)/python -m venv --clear .bench/peers
	.bench/peers/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
	touch $@

.PHONY: browser
browser: $(READY)
	@system_browser() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }
	own_browser() { $(BIN)/python -c 'from playwright.sync_api import sync_playwright as run
	with run() as it: it.chromium.launch(args=["--no-sandbox"]).close()'; } 2> /dev/null
	if system_browser > /dev/null || [ -x "$${CHROMIUM:-}" ] || own_browser; then exit 0; fi
	echo "No Chromium here; installing one."
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
		apt-get update -qq || true
		for package in chromium-headless-shell chromium; do
			if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$package > /dev/null; then break; fi
		done
	fi
	if ! system_browser > /dev/null; then $(BIN)/playwright install chromium || true; fi
	if ! system_browser > /dev/null && ! own_browser; then
		echo "Chromium is missing and could not be installed; install it (Debian: sudo apt-get install chromium-headless-shell) and try again." >&2
		exit 1
	fi

.PHONY: sandbox
sandbox: $(READY)
	@if command -v bwrap > /dev/null; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
		echo "No bubblewrap here; installing it."
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq bubblewrap > /dev/null || true
	fi
	if ! command -v bwrap > /dev/null; then
		echo "bubblewrap is missing, so grading is tested with Landlock alone (Debian: sudo apt-get install bubblewrap)."
	fi
