# What people do with smegraph; `make` alone lists it.
# Paths are relative and everything runs as a module of .venv/bin/python, so the folder may have
# a space in its name and may be moved.

HOST ?= 127.0.0.1
PORT ?= 8000
ARGS =

python = .venv/bin/python

.DEFAULT_GOAL = help
.PHONY: help serve build check test lint format audit bench storm prove pictures map lock clean run-environment dev-environment

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name text; do \
		printf '  make %-8s %s\n' "$$name" "$$text"; done

serve: build ## build what is out of date and serve it (HOST=127.0.0.1 PORT=8000)
	exec $(python) -m smegraph serve --host "$(HOST)" --port "$(PORT)"

build: run-environment ## build what is out of date: check, validate, reason, release
	$(python) -m smegraph build

check: run-environment ## check every sheet and list all that is wrong
	$(python) -m smegraph check

test: dev-environment ## run the tests, two files at a time (ARGS="-k name" chooses some)
	$(python) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: dev-environment ## look for faults without running: ruff, mypy --strict
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy

format: dev-environment ## put the Python files into the one form
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

audit: run-environment ## look for all that a script can find wrong in ontology and studies
	$(python) -m smegraph audit $(ARGS)

bench: dev-environment ## measure; takes some minutes
	$(python) benchmarks/run.py $(ARGS)

storm: dev-environment ## measure a service in a storm, kills without end, and all else that takes an idle machine; some minutes
	$(python) -m pytest -m timed $(ARGS)

prove: dev-environment ## compare what rules infer with what HermiT infers; some minutes
	@$(python) -m tools.prove $(ARGS)

pictures: build dev-environment ## take the pictures of the pages that README.md opens with
	@$(python) -m tools.pictures $(ARGS)

map: dev-environment ## show the map of the code: folders, imports, circles, the longest parts
	@$(python) tools/house.py $(ARGS)

# With any Python, as an environment cannot be made from pins whose hashes are not renewed.
lock: ## renew the hashes of pinned packages after a version was changed (needs uv)
	@$(or $(PYTHON),python3) -m tools.lock $(ARGS)

clean: ## remove all that make has made, the environment too
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# Quick when nothing has changed: the script compares a fingerprint.
run-environment:
	@sh .ci/environment run

dev-environment:
	@sh .ci/environment dev
