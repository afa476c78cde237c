PORT ?= 8000
DATA ?= .data/demo
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: setup ## Serve a demonstration clinic: make demo PORT=8000 DATA=.data/demo
	@vestibule demo --port "$(PORT)" --data "$(DATA)"

test: prerequisites check ## Every check and test
	@echo 'test: web'
	@npm --prefix web run --silent test
	@echo 'test: product'
	@pytest -n 2 --dist loadscope

check: setup-tests ## Format, lint, types and import contracts
	@echo 'check: format and lint'
	@ruff format --quiet --check . || { echo "run 'make format'" >&2; exit 1; }
	@ruff check --quiet --output-format concise .
	@echo 'check: imports'
	@said=$$(lint-imports --no-logo) || { echo "$$said" >&2; exit 1; }
	@echo 'check: types'
	@mypy --no-error-summary
	@npm --prefix web run --silent typecheck

bench: prerequisites setup-tests ## Measure against a floor: make bench, or make bench PART=api JSON=--json
	@python -m benchmarks $(PART) $(JSON)

format: setup-tests ## Format the Python code and mend what the linter can
	@ruff check --quiet --fix . || true
	@ruff format --quiet .

web: setup ## Build the web pages

wheel: setup ## Build the wheel with the web pages inside, into dist
	@hatchling build --target wheel --directory dist

screenshots: setup-tests ## Make the README's pictures from the running product
	@python scripts/screenshots.py

call-states: setup-tests ## Keep a picture of each state of the call page in test-results/call-states
	@python scripts/call_states.py

console-pages: setup-tests ## Keep a picture of each page of the console in test-results/console-pages
	@python scripts/console_pages.py

lock: setup ## Pin the Python packages of pyproject.toml: make lock UPGRADE=--upgrade for the newest
	@scripts/lock $(UPGRADE)

clean: ## Remove what make made, but no data
	@rm -rf .venv .uv web/node_modules src/vestibule/static dist .mypy_cache .ruff_cache .pytest_cache

setup:
	@scripts/setup

setup-tests:
	@scripts/setup --tests

prerequisites:
	@scripts/test-prerequisites

.PHONY: help demo test check bench format web wheel screenshots call-states console-pages lock clean setup setup-tests prerequisites
