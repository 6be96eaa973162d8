# Two commands do everything: `make run` (environment, main job, where the reports lie) and `make test`.
PYTHON ?= python3
BIN = .venv/bin
READY = .venv/.ready

.PHONY: run test check lint types format lock benchmarks clean

run: $(READY)
	$(BIN)/plancompare run

test: $(READY) lint types
	$(BIN)/pytest -n 2

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmarks: $(READY)
	for script in tests/benchmarks/[a-z]*.py; do $(BIN)/python $$script; done

# Versions are pinned in requirements.lock, for users and developers alike. Compiled at installing: without bytecode
# every start would be slower by seconds.
$(READY): requirements.lock pyproject.toml
	@echo "Making the environment in .venv; this takes some minutes."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q compare
	touch $(READY)

# Needs uv: writes the newest allowed versions, for every platform, without addresses.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate \
		--group dev --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv outputs/[a-z]* data/snapshots/[a-z0-9]*
