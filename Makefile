# The words of this project; `make` alone lists them. Each only calls what a person could type.
.DEFAULT_GOAL := help
.PHONY: help run words sandbox test check sim soak drill rehearse bench screenshots lighthouse lock sbom audit clean

PY := .venv/bin/python
COMPILE := $(PY) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

help: ## list these words
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: ## open the practice shop: web app, worker and practice bank (POS_PORT, SANDBOX_PORT)
	@sh .ci/venv requirements.lock
	@exec $(PY) -m pos.launch

words: ## bring the Khmer catalogue up to what the sources say, and list what it lacks
	@sh .ci/venv requirements-dev.lock
	@exec $(PY) -m docs.words

sandbox: ## open the practice bank alone (SANDBOX_PORT)
	@sh .ci/venv requirements.lock
	@exec $(PY) -m pos.launch sandbox

test: ## run every test, browser tests included (ARGS="-k till" picks some)
	@sh .ci/venv requirements-dev.lock
	@$(PY) -m tests.browser.install
	@exec $(PY) -m tests $(ARGS)

check: ## look at format, lint and types
	@sh .ci/venv requirements-dev.lock
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy

sim: ## live simulated days under faults and prove the books (ARGS="2000 0": how many, from which)
	@sh .ci/venv requirements-dev.lock
	@exec $(PY) -m tests.sim $(ARGS)

soak: ## run the real shop for ten minutes under faults and kills, prove the books (ARGS="600 1 2 postgresql 50": s, seed, sales/s, books, PayWay %)
	@sh .ci/venv requirements-dev.lock
	@exec $(PY) -m tests.soak $(ARGS)

drill: ## break a running shop in every way that can be had here, and say what held (ARGS="disk" picks some)
	@sh .ci/venv requirements-dev.lock
	@$(PY) -m tests.browser.install
	@exec $(PY) -m tests.drill $(ARGS)

rehearse: ## run a chain of two machines behind a real proxy, kill one under load (ARGS="nginx 45" or "caddy 45": proxy, seconds of sales)
	@sh .ci/venv requirements-dev.lock
	@exec $(PY) -m tests.rehearse $(ARGS)

bench: ## measure what sales, polls and reports cost (ARGS="counter", "books", "search" or "screens": a part)
	@sh .ci/venv requirements-dev.lock
	@exec $(PY) -m tests.bench $(ARGS)

screenshots: ## write the pictures of the README, and one of each state
	@sh .ci/venv requirements-dev.lock
	@$(PY) -m tests.browser.install
	@$(PY) -m docs.screenshots
	@KHQR_GALLERY=docs/images/states $(PY) -m pytest -q tests/browser/test_states.py

lighthouse: ## let Lighthouse judge login, till, display and shifts of a practice shop: 95 of 100 at least
	@sh .ci/venv requirements-dev.lock
	@$(PY) -m tests.browser.install
	@exec $(PY) -m docs.lighthouse

lock: ## write both lock files anew after a change in pyproject.toml (ARGS=--upgrade moves pins)
	@sh .ci/venv requirements-dev.lock
	@$(PY) -c 'import sys; sys.version_info[:2] == (3, 11) or sys.exit("The locks are \
	made on Python 3.11, the oldest that must do: make clean, then PYTHON=python3.11 make lock.")'
	@CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) $(ARGS) -o requirements.lock pyproject.toml
	@CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) $(ARGS) -o requirements-dev.lock \
		--extra dev --constraint requirements.lock pyproject.toml

sbom: ## write what the program is made of to dist/, in CycloneDX
	@sh .ci/venv requirements-dev.lock
	@exec $(PY) -m docs.supply sbom

audit: ## ask whether a package of the lock is known to be bad (needs the internet; 2: could not be asked)
	@sh .ci/venv requirements-dev.lock
	@exec $(PY) -m docs.supply audit

clean: ## remove what these words made, but never the shop's data in instance/
	@rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
