# Every command of the project. CI runs only these. `make` alone lists them.
PYTHON ?= python3
PORT ?=
SERVE ?= 1
FRESH ?=
TODAY ?=
SCALE ?=
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all test-quick test-browser dev check bench new-domain down
# Chinese is printed the same under every locale.
export PYTHONUTF8 := 1
# Every process would compile two thousand files anew: three seconds of each start.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## make or refresh the environment, packages and page scripts (the others do it by themselves)
	@$(PYTHON) tools/bootstrap.py

demo: setup ## the demo city: made, imported, evaluated, reported, served until Ctrl-C (SERVE=0 PORT= FRESH=1 TODAY= SCALE=)
	@.venv/bin/shian demo $(if $(filter 0,$(SERVE)),--no-serve,--stay) $(if $(PORT),--port $(PORT)) \
		$(if $(FRESH),--fresh) $(if $(TODAY),--today $(TODAY)) $(if $(SCALE),--scale $(SCALE))

down: setup ## stop everything that runs here
	@.venv/bin/shian down

dev: setup ## the same system for development: changed code reloads, changed scripts are rebuilt
	@.venv/bin/shian up --dev $(if $(PORT),--port $(PORT))

# Three on two cores: the tests that start, kill and wait for real programs leave half of one idle.
test: setup ## all tests: rules, database, pages; then the browser in a process of its own
	@.venv/bin/python -m pytest -q -n 3 --dist worksteal -p no:playwright --ignore=tests/browser
	@$(MAKE) --no-print-directory test-browser

test-all: setup ## the same with every page in both ways and longer series of kills: what CI runs, and a release
	@SHIAN_TEST_ALL=1 $(MAKE) --no-print-directory test

test-quick: setup ## rules and database tests only
	@.venv/bin/python -m pytest -q -n 2 --dist worksteal -p no:playwright --ignore=tests/browser --ignore=tests/runtime

test-browser: setup ## browser tests with the machine's Chromium
	@.venv/bin/python tools/browser_tests.py

check: setup ## format, lint, types, layers, migrations, architecture, translations, scripts
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy --strict
	.venv/bin/lint-imports
	.venv/bin/python -W ignore manage.py makemigrations --check --dry-run
	.venv/bin/python -m pytest -q -p no:playwright tests/architecture
	.venv/bin/python tools/translations.py check
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm run --silent check

bench: setup ## measure the promises of docs/architecture.md
	@.venv/bin/python -m benchmarks

new-domain: setup ## scaffold an app: make new-domain NAME=kitchens TITLE="明厨亮灶"
	@.venv/bin/python -m tools.new_domain "$(NAME)" "$(TITLE)"
