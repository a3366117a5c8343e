# Everything runs in .venv, which is made from the hash-pinned lock and made again when that changes.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed
LOCK := deploy/locks/everything.txt
NEVER_READ := '/phonenumbers/(geo|carrier|tz)data/|/(pip|setuptools|mypy|mypyc|tests?)/'
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
# A tenth of what pip takes; where it cannot reach what pip is set up to reach, pip does it after all.
UV := $(BIN)/uv pip install --python $(BIN)/python --system-certs --no-cache --no-deps --require-hashes
CHROMIUM := /usr/bin/chromium
SERVICES := intake scheduler matcher notifier
COMPILE := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL CUSTOM_COMPILE_COMMAND="make lock" \
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
.PHONY: help demo up test browser check types lint chart apiserver containers campaign faults bench lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1 \t/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(READY) ## Play the story across two years, in a minute or two
	@$(BIN)/notyet demo

up: $(READY) ## Run the whole system here until Ctrl-C
	@$(BIN)/notyet up

test: check ## Run every check, and every test that has no command of its own
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder \
		-m "not browser and not campaign and not chart and not apiserver and not containers"

browser: .venv/.browser ## Look at every message and page in Chromium, by keyboard alone
	@test -x $(CHROMIUM) || { echo "make browser needs Chromium: apt install chromium" >&2; exit 1; }
	@$(BIN)/python -m pytest -m browser tests/browser

chart: .venv/.chart ## Render the Helm chart, check what it makes, and break it in a hundred ways
	@$(BIN)/python -m pytest -m chart tests/chart

apiserver: .venv/.chart ## Install, change and remove the chart at a real API server; needs etcd
	@command -v etcd >/dev/null || { echo "make apiserver needs etcd: apt install etcd-server" >&2; exit 1; }
	@$(BIN)/python -m tests.cluster.program
	@$(BIN)/python -m pytest -m apiserver tests/cluster

containers: $(READY) ## Build the images, compose them, and replace each under load; needs Docker
	@docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1 || { echo \
		"make containers needs Docker with Compose, and an engine that runs" >&2; exit 1; }
	@$(BIN)/python -m pytest -m containers tests/containers

check: $(READY) ## Run the linters and the type checker alone
	@$(MAKE) --no-print-directory --jobs 2 types lint

# A busy machine starts the workers too late for mypy, which then ends as it does for a bad option.
types: $(READY)
	@$(BIN)/mypy --num-workers 2 2>/dev/null || { test $$? -eq 2 && $(BIN)/mypy; }

lint: $(READY)
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/squawk $$(find services shared -path '*/migrations/*.sql')

campaign: $(READY) ## Kill it at each crash point and under load, on a strict broker too; needs Java and Maven
	@$(BIN)/python -m pytest -m campaign
	@CI=1 NOTYET_TEST_EXAMPLES=20 $(BIN)/python -m pytest -m hypothesis

faults: $(READY) ## Kill it a hundred times under load, and count; needs Java and Maven
	@$(BIN)/python -m tests.faults run $(FAULTS)

bench: .venv/.bench ## Measure how far it is from the limits; needs Java and Maven
	@$(BIN)/python -m tests.bench run
	@$(BIN)/python -m tests.bench.rounds

lock: $(READY) ## Pin what is new in pyproject.toml; UPGRADE=--upgrade renews all
	@$(COMPILE) $(UPGRADE) $(foreach extra,$(SERVICES) local test,--extra $(extra)) \
		--output-file $(LOCK) pyproject.toml
	@for service in $(SERVICES); do $(COMPILE) $(UPGRADE) --extra $$service --constraint $(LOCK) \
		--output-file deploy/locks/$$service.txt pyproject.toml; done
	@for extra in bench browser; do $(COMPILE) $(UPGRADE) --extra $$extra --constraint $(LOCK) \
		--output-file deploy/locks/$$extra.txt pyproject.toml; done
	@for tools in chart uv; do $(COMPILE) $(UPGRADE) \
		--output-file deploy/locks/$$tools.txt deploy/locks/$$tools.in; done

clean: ## Remove the virtual environment and what the local stack has stored
	@rm -rf .venv .notyet .kafka .kubernetes

$(READY): $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Not Yet needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { rm -rf .venv; \
		echo "$(PYTHON) cannot make a virtual environment: apt install python3-venv" >&2; exit 1; }
	@echo "Installing the pinned packages into .venv, once ..."
	@$(PIP) --no-compile -r deploy/locks/uv.txt
	@$(UV) --quiet -r $(LOCK) 2>/dev/null || $(PIP) --no-compile -r $(LOCK)
	@$(BIN)/python -m compileall -q -j 0 -x $(NEVER_READ) .venv/lib # on all cores, as pip does not
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 0 services shared deploy
	@touch $@

.venv/.%: deploy/locks/%.txt $(READY)
	@echo "Installing what make $* needs beside it ..."
	@$(PIP) -r $<
	@touch $@

# Apart from all else, whose versions these tools would hold back.
.venv/.chart: $(addprefix deploy/locks/,chart.txt helm.txt definitions.txt go.sum) | $(READY)
	@echo "Installing what make chart needs ..."
	@rm -rf .venv/chart
	@$(PYTHON) -m venv .venv/chart
	@.venv/chart/bin/python -m pip install --quiet --disable-pip-version-check --no-compile \
		--no-deps --require-hashes -r $<
	@$(BIN)/python -m tests.chart.tools
	@$(BIN)/python -m tests.chart.definitions
	@touch $@
