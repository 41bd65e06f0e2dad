# Two commands for a newcomer, on a machine with Python 3.11 or newer and make:
#
#   make chat    a conversation in the terminal, right now
#   make test    all tests
#
# Each sets up what it needs in .venv from the hash-pinned locks, once. `make help` lists the rest.

SHELL := /bin/sh
export PYTHON
PY := .venv/bin/python
ARGS :=
.DEFAULT_GOAL := help
.NOTPARALLEL: # so that a piped stdin always reaches the chat
.PHONY: help chat test check lint format types author graph pages pictures bench mutants conformance soak evaluate image dist wheel-test sbom lock setup setup-dev clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1	/p' Makefile | expand -t 16

chat: setup ## talk to Lowtide here (ARGS="--new" and the like are passed on; stdin may be a pipe)
	@$(PY) -m bot chat $(ARGS)

# Tests of the dialogue cover it whole by themselves; traced, all others would take half as long again.
# Compiled first, or each of a hundred processes compiles all for itself where Python may write nothing beside it.
# Each worker begins at a place of its own (worksteal), so that what a file prepares is prepared once; a third
# one works while others wait for a server.
test: setup-dev ## run all tests, with branch coverage of bot/dialogue at 100 %
	@$(PY) -m compileall -q bot
	@$(PY) -m pytest -q -n 2 --cov=bot.dialogue tests/dialogue
	@$(PY) -m pytest -q -n 3 --dist worksteal --ignore=tests/dialogue $(ARGS)

check: lint types author test ## everything a change must pass

lint: setup-dev ## ruff, formatting and rules
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .

format: setup-dev ## let ruff put the code in shape
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

types: setup-dev ## mypy --strict
	@$(PY) -m mypy --strict bot deploy

author: setup-dev ## what an author of flows runs: lowtide fmt --check, check, test
	@$(PY) -m bot fmt --check
	@$(PY) -m bot check
	@$(PY) -m bot test

graph: setup ## print every flow as Mermaid
	@$(PY) -m bot graph $(ARGS)

pages: setup ## write the safety, privacy and review pages of docs/ from the flows and the code
	@$(PY) -m bot pages $(ARGS)
	@$(PY) -m tests.content.codes_page
	@$(PY) -m tests.docs.commands_page

pictures: setup-dev ## draw the pictures of docs/: a talk, a flow, the house, the funnel
	@$(PY) -m tests.docs.pictures
	@$(PY) -m tests.operating.invented
	@$(PY) -m tests.operating.invented

mutants: setup-dev ## put 500 faults into our flows and count how many `check` names (five minutes)
	@$(PY) -m tests.bench.mutants $(ARGS)

conformance: setup-dev ## play the structural cases of W3C SCXML, fetched now, on our step
	@$(PY) -m tests.bench.conformance $(ARGS)

bench: setup-dev ## measure what it costs, beside other libraries: steps, loading, sending, storing; what is heard
	@for bench in steps load_check startup danger; do $(PY) -m tests.bench.$$bench && echo || exit 1; done
	@$(PY) -m tests.bench.telegram_client && echo
	@$(PY) -m tests.bench.broadcast --nudges 300 && echo
	@$(PY) -m tests.bench.storage --seconds 0.5 --rounds 1 --file-only --persons 1000 20000

soak: setup-dev ## the long ones, some hours: a broadcast of 10,000, kills at every step, a million odd updates, a million turns
	@for bench in broadcast kills end_to_end flood replicas rolling "fuzz 1000000" "walking --turns 1000000"; do $(PY) -m tests.bench.$$bench && echo || exit 1; done
	@$(PY) -m tests.crash && $(PY) -m tests.crash --store postgres --every 7

evaluate: setup-dev ## measure what is heard, of answers and of danger; fails below the floors
	@$(PY) -m tests.bench.danger
	@$(PY) -m tests.bench.leaning
	@$(PY) -m tests.bench.understanding.openers $(ARGS)
	@$(PY) -m tests.bench.understanding.routing $(ARGS)

image: setup-dev ## replay deploy/Dockerfile without an engine, weigh the image and talk to it (root, debootstrap, bwrap)
	@$(PY) -m tests.bench.image $(ARGS)

dist: setup ## build the wheel, the sdist, the list of what is in them and their digests, in dist/
	@$(PY) -m deploy.dist $(ARGS)

wheel-test: setup-dev ## run all tests against the installed wheel, in a clean environment (ten minutes)
	@$(PY) -m tests.bench.wheel $(ARGS)

sbom: setup ## print what Lowtide is made of, as CycloneDX
	@$(PY) -m deploy.sbom

# --universal: one lock for every Python and system; without index addresses, so that it names no host;
# extras stay: pip 23 takes the newest release for a 'coverage[toml]' that the lock pins as 'coverage' alone
COMPILE := .venv/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-strip-extras --no-emit-index-url --no-emit-find-links --annotation-style line
lock: setup-dev ## write the locks anew from pyproject.toml (ARGS=--upgrade takes newer releases)
	@$(COMPILE) --group setup -o requirements.lock $(ARGS)
	@$(COMPILE) --group setup --group dev -c requirements.lock -o requirements-dev.lock $(ARGS)

setup:
	@sh deploy/setup.sh requirements.lock

setup-dev:
	@sh deploy/setup.sh requirements-dev.lock

clean: ## remove .venv and what the tools left behind
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage build dist
