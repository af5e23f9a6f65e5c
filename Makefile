# make run    start the server on http://localhost:8000 (make run ARGS="--help" passes arguments on)
# make test   all checks and tests
# The other targets are for those who change Chatelaine: see CONTRIBUTING.md.

PYTHON ?= python3
ARGS ?=
PY := .venv/bin/python
BOOTSTRAP := tools/bootstrap.py

.PHONY: run test lint check format soak bench docs translations vendor lock env env-dev
.NOTPARALLEL:

run: env
	@exec $(PY) app.py run $(ARGS)

# The tests run even when a check fails; their end tells of it again.
test: env-dev
	@checks=0; $(PY) -m tools.lint || checks=1; \
	$(PY) -m tests.browser; \
	$(PY) -m tests.faketime; \
	$(PY) -m pytest $(ARGS) && exit $$checks

lint: env-dev
	@$(PY) -m tools.lint

soak: env-dev
	@$(PY) -m tests.browser
	@$(PY) -m tests.faketime
	@$(PY) -m pytest -m "soak or not soak" --hypothesis-profile soak --timeout 3000 $(ARGS)

# Measures the server beside others and writes docs/performance.md: about 25 minutes, on an idle machine.
bench: env-dev
	@$(PY) -m bench $(ARGS)

format: env-dev
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

# Writes what is generated from the code: docs/protocol.md and docs/configuration.md.
docs: env
	@$(PY) app.py docs

# Brings new texts of the code and the templates into every catalogue in locale/.
translations: env-dev
	@$(PY) -m tools.translations

# Fetches the browser modules that package.json names into static/vendor.
vendor: env-dev
	@$(PY) -m tools.vendor

# Writes the locks anew from the .in files.
lock: env-dev
	@$(PY) -m tools.lock

env: python
	@$(PYTHON) $(BOOTSTRAP) requirements.txt

env-dev: python
	@$(PYTHON) $(BOOTSTRAP) requirements-dev.txt

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Chatelaine needs Python 3.11 or newer, and there is no $(PYTHON): install it with: apt-get install python3 python3-venv" >&2; \
	  exit 1; }
