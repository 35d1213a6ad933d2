# Two commands on a bare machine: `make demo` and `make test`. They need Python >= 3.11 and a C
# compiler (Kwant is built from source), and set up the rest below .venv.

PYTHON ?= python3
BOOT := .uv
UV := $(shell command -v uv 2>/dev/null || echo $(BOOT)/bin/uv)
READY := .venv/ready

.PHONY: demo test slow coverage mutants lint bench setup clean

demo: setup
	$(UV) run --no-sync mesokwant run weak_localization --preset quick

test: setup
	$(UV) run --no-sync pytest -q

slow: setup
	$(UV) run --no-sync pytest -q -m slow

# Coverage is reported, and no threshold makes it fail.
coverage: setup
	$(UV) run --no-sync pytest -q --cov=mesokwant --cov=systems --cov-report=term

# Slow: the fast tests run on the code with one small change after the other (docs/testing.md).
# A run that was stopped goes on where it was; OPTIONS=--again tests the survivors anew.
MUTANTS ?= 320
SEED ?= 1
mutants: setup
	$(UV) sync --inexact --group mutants
	nice -n 19 $(UV) run --no-sync python -m tools.mutants --mutants $(MUTANTS) --seed $(SEED) $(OPTIONS)

lint: setup
	$(UV) run --no-sync ruff check .
	$(UV) run --no-sync ruff format --check .
	$(UV) run --no-sync mypy

bench: setup
	$(UV) run --no-sync python -m benchmarks.solver
	$(UV) run --no-sync python -m benchmarks.engine

setup: $(READY)

$(READY): pyproject.toml
	@command -v $${CC:-cc} >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || { \
	  echo "Kwant is built from source and needs a C compiler: install gcc or clang" \
	    "(Debian: apt install gcc; macOS: xcode-select --install), or use conda-forge (see README)." >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "mesokwant needs Python 3.11 or newer; name one by make PYTHON=python3.12." >&2; exit 1; }
	@[ -x "$(UV)" ] || { echo "setting up uv in $(BOOT)"; \
	  $(PYTHON) -m venv $(BOOT) && $(BOOT)/bin/pip install --quiet uv; }
	@echo "setting up .venv (building Kwant takes about two minutes the first time)"
	$(UV) sync --python $(PYTHON)
	@touch $@

# Results stay: those of full presets are part of the repository, and others took time to compute.
clean:
	rm -rf .venv .uv .pytest_cache .mypy_cache .ruff_cache .hypothesis
