# One command per wish. `make up` runs the hub; the rest is for people who change it. See CONTRIBUTING.md.

# A distributor's Python is built with profile guidance and runs the route's own code in nine tenths of the time.
SYSTEM_PYTHON := /usr/bin/python3.11
PYTHON ?= $(shell $(SYSTEM_PYTHON) -c "import venv, ensurepip" 2>/dev/null && echo $(SYSTEM_PYTHON) || \
            command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet
WITNESS = $(PIP) install --quiet --require-hashes --no-deps --no-compile --target .venv/witnesses

.PHONY: mosquitto up dev node witnesses test screens prove test-debian check bench new-channel lock wheel release clean browser
.DELETE_ON_ERROR:

up: .venv/.run src/orderloom/console/.built
	@exec $(BIN)/orderloom up $(if $(LAN),--lan $(LAN))

dev: .venv/.dev

test: .venv/.dev src/orderloom/console/.built browser mosquitto witnesses
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

# The platforms' public clients, which are pointed at our simulators (docs/witnesses.md): apart from the product's packages.
witnesses: .venv/witnesses/requirements.lock tests/contract/topsdk/node_modules/.stamp \
  tests/contract/oidc/node_modules/.stamp

# Pictures of every page in every state, into out/screens/; PART=orders takes those pages alone.
screens: .venv/.dev src/orderloom/console/.built browser
	$(BIN)/python -m tests.browser.screens $(PART)

prove: .venv/.dev
	ORDERLOOM_TEST_FULL=1 $(BIN)/python -m pytest -s tests/simulation/test_oversell.py tests/simulation/test_oversell_of_a_campaign.py tests/simulation/test_oversell_of_a_floor.py \
	  tests/integration/test_replay_equals_stored.py $(ARGS)

test-debian: .venv/.dev
	$(BIN)/python -m pytest tests/integration/test_debian_postgres_runs_the_route.py $(ARGS)

check: .venv/.dev web/node_modules/.stamp
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/tidy.py
	tools/client.sh --check
	cd web && npm run --silent check

bench: .venv/.run
	$(BIN)/python -m benchmarks $(ARGS)

# What NAME, SIGNING, PAGING and PUSH do not say is asked at a terminal; without one, defaults are taken.
new-channel: .venv/.run
	@$(BIN)/python tools/new_channel.py "$(NAME)" --signing "$(SIGNING)" --paging "$(PAGING)" --push "$(PUSH)"

lock: .venv/.dev
	$(COMPILE) $(ARGS) requirements.in -o requirements.lock
	$(COMPILE) $(ARGS) requirements-dev.in -o requirements-dev.lock
	$(COMPILE) $(ARGS) --no-deps tests/contract/witnesses/requirements.in -o tests/contract/witnesses/requirements.lock
	$(COMPILE) $(ARGS) --no-deps tests/contract/witnesses/sources.in -o tests/contract/witnesses/sources.lock

wheel: .venv/.dev src/orderloom/console/.built
	$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

release: .venv/.dev
	$(BIN)/python tools/release.py $(VERSION)

clean:
	rm -rf .venv dist src/orderloom/console web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .schemathesis
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make a second run quick: nothing is installed again while the lock and the project file are unchanged.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "需要 Python 3.11:请安装,或用 make PYTHON=/路径/python3.11 指定。"; \
	    echo "Python 3.11 is needed: install it, or name it with make PYTHON=/path/to/python3.11."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

.venv/witnesses/requirements.lock: tests/contract/witnesses/requirements.lock tests/contract/witnesses/sources.lock | .venv/bin/python
	rm -rf .venv/witnesses
	$(WITNESS) --only-binary :all: -r $<
	rm -rf .venv/witnesses/bin
	PYTHONPATH=$(CURDIR)/.venv/witnesses $(WITNESS) --no-binary :all: --no-build-isolation -r $(word 2,$^)
	@cp $(word 2,$^) .venv/witnesses/ && cp $< $@

web/node_modules/.stamp: web/package-lock.json | node
	cd web && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# The console, built once and again when something of it has changed.
src/orderloom/console/.built: web/node_modules/.stamp $(shell find web -path web/node_modules -prune -o -type f -print)
	cd web && npm run --silent build
	@touch $@

tests/contract/%/node_modules/.stamp: tests/contract/%/package-lock.json | node
	cd tests/contract/$* && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

node:
	@command -v npm >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm >/dev/null; \
	  else \
	    echo "构建控制台需要 Node.js 20 或更新:sudo apt-get install -y nodejs npm"; \
	    echo "Building the console needs Node.js 20 or newer: sudo apt-get install -y nodejs npm"; exit 1; \
	  fi; }

# The broker that devices of the floor are tested with; without it that one test is left out.
mosquitto:
	@command -v mosquitto /usr/sbin/mosquitto >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq mosquitto >/dev/null; \
	  else \
	    echo "现场设备的测试需要 mosquitto:sudo apt-get install -y mosquitto"; \
	    echo "The test of the floor's devices needs mosquitto: sudo apt-get install -y mosquitto"; exit 1; \
	  fi; }

browser:
	@{ command -v chromium || command -v chromium-browser; } >/dev/null && command -v certutil >/dev/null \
	  && fc-list :lang=zh-cn | grep -q . || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fontconfig fonts-noto-cjk libnss3-tools \
	    >/dev/null; \
	  else \
	    echo "浏览器测试需要 chromium、中文字体和 certutil:sudo apt-get install -y chromium fonts-noto-cjk libnss3-tools"; \
	    echo "The browser tests need chromium, Chinese fonts and certutil: sudo apt-get install -y chromium fonts-noto-cjk libnss3-tools"; exit 1; \
	  fi; }
