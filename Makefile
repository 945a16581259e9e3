# Peipao: everything starts from here. `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

APP := .venv/bin
ENGINE := .venv-engine/bin
UV := $(CURDIR)/.venv/bin/uv
say = @printf '\033[1m==> %s\033[0m\n' "$(1)"

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: setup
setup: .venv/.ready .venv-engine/.ready model database ## make both environments, the model and the database; serve nothing

.PHONY: run
run: setup ## set up what is missing, start everything and print the addresses
	@$(APP)/peipao serve

# The environments. A stamp is older than what it was made from only when something changed.
.venv/bin/uv: requirements/bootstrap.txt scripts/find-python
	$(call say,making the app's environment in .venv)
	@python="$$(scripts/find-python app)" && echo "    $$python" && "$$python" -m venv .venv
	@$(APP)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/.ready: .venv/bin/uv requirements/app.txt pyproject.toml
	$(call say,installing the app's packages)
	@VIRTUAL_ENV=$(CURDIR)/.venv $(UV) pip sync --require-hashes requirements/app.txt
	@VIRTUAL_ENV=$(CURDIR)/.venv $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv-engine/.ready: .venv/bin/uv requirements/engine.txt
	$(call say,installing the engine's packages into .venv-engine (Rasa and TensorFlow: about 1 GB))
	@test -x $(ENGINE)/python || { python="$$(scripts/find-python engine)" && echo "    $$python" && \
	    $(UV) venv --quiet --python "$$python" .venv-engine; }
	@VIRTUAL_ENV=$(CURDIR)/.venv-engine $(UV) pip sync --require-hashes requirements/engine.txt
	@touch $@

.PHONY: model
model: .venv/.ready .venv-engine/.ready ## train the model if its inputs changed
	@$(APP)/peipao train
	@$(APP)/peipao answer --jsonl </dev/null

.PHONY: database
database: .venv/.ready ## create the embedded database or bring it up to date
	@$(APP)/peipao migrate

.PHONY: test
test: setup ## run all tests (those that lack Chromium, PostgreSQL or Redis are skipped and say so)
	$(call say,tests inside the engine)
	@PYTHONPATH=. $(ENGINE)/python -m pytest -q tests/engine/inside -o filterwarnings=default
	$(call say,tests)
	@$(APP)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

.PHONY: test-fast
test-fast: .venv/.ready ## run the tests that start nothing: no engine, browser, server or app
	@$(APP)/python -m pytest -q -n auto --maxprocesses 4 --dist worksteal \
	    -m "not engine and not browser and not postgres and not redis and not app and not slow"

.PHONY: crash
crash: .venv/.ready ## kill the app a hundred times on both databases (PEIPAO_TEST_POSTGRES names one; prints the seed)
	@PEIPAO_CRASH_KILLS=$${PEIPAO_CRASH_KILLS:-100} $(APP)/python -m pytest -q tests/crash/test_crash.py

.PHONY: lint
lint: .venv/.ready ## ruff and mypy
	@$(APP)/ruff check .
	@$(APP)/ruff format --check .
	@$(APP)/mypy

.PHONY: bench
bench: setup ## measure speed, memory and start time beside a stock Rasa zh bot
	@$(APP)/peipao bench

.PHONY: lock
lock: .venv/bin/uv ## lock the requirement files anew
	@cd requirements && compile() { $(UV) pip compile --quiet --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" "$$@"; } && \
	    compile --universal --python-version 3.11 bootstrap.in --output-file bootstrap.txt && \
	    compile --universal --python-version 3.11 dev.in --output-file app.txt && \
	    compile --python-version 3.10 engine.in --output-file engine.txt

.PHONY: clean
clean: ## remove what was made (environments, model, caches), never var/
	@rm -rf .venv .venv-engine models .rasa .pytest_cache .mypy_cache .ruff_cache build *.egg-info
