# Two commands: `make run` serves, `make test` checks everything. Each sets up what it needs by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: run test check unit bench clean chromium

run: $(VENV)/.run
	$(BIN)/niangjia serve --host $(HOST) --port $(PORT)

test: $(VENV)/.test chromium
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist loadfile tests/unit tests/integration tests/browser tests/checks \
		--cov --cov-report=term --cov-report=json:var/coverage.json $(PYTEST)

unit: $(VENV)/.test
	$(BIN)/python -m pytest -q -n auto tests/unit

bench: $(VENV)/.test $(VENV)/.bench
	$(BIN)/python -m tests.bench $(ONLY)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install -q -c constraints.txt torch -e '.[test,models]'
	@touch $@ $(VENV)/.run

$(VENV)/.bench: $(VENV)/.test
	$(PIP) install -q -c constraints.txt -e '.[bench]'
	@touch $@

# Browser tests use the system's Chromium; where there is none and we may, Debian's package is installed.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && \
	  { apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq -y install chromium fonts-noto-cjk >/dev/null; }; } || \
	echo "No Chromium here and none could be installed: the browser tests will be skipped."

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
