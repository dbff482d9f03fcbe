# Two commands do all set-up: `make demo` and `make test`. They need python3 (>= 3.11) and make.
PYTHON ?= python3
BIN := .venv/bin
HOME_DIR ?= verascribe-data
PORT ?= 8501

.PHONY: setup demo test lint bench clean

setup: .venv/ready

.venv/ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Verascribe needs Python 3.11 or newer; this is %s" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/verascribe --home $(HOME_DIR) demo --port $(PORT)

test: setup
	$(BIN)/python -m pytest -m 'not browser' --numprocesses auto --dist loadfile
	$(BIN)/python -m pytest -m browser

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks $(BENCH)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
