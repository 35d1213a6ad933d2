# Two commands on a bare machine: `make demo` and `make test`. They need Python >= 3.11 and a C
# compiler (Kwant is built from source), and set up the rest below .venv.

PYTHON ?= python3
BOOT := .uv
UV := $(shell command -v uv 2>/dev/null || echo $(BOOT)/bin/uv)
READY := .venv/ready

.PHONY: book browser demo test slow coverage mutants lint bench setup clean

demo: setup
	$(UV) run --no-sync mesokwant run weak_localization --preset quick

test: setup
	$(UV) run --no-sync pytest -q --numprocesses auto

slow: setup
	$(UV) run --no-sync pytest -q -m slow

# The site of all statements and the documentation, in book/; what did not change is not redone.
book: setup
	$(UV) run --no-sync mesokwant book --docs docs

# The book in a real browser: Chromium of the system, else of Debian for the superuser (CI), else
# Playwright's own.
browser: book
	$(UV) sync --inexact --group browser
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] \
	  && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
	  || $(UV) run --no-sync playwright install chromium
	$(UV) run --no-sync pytest -q -m browser tests/book/test_browser.py

# Coverage is reported, and no threshold makes it fail.
coverage: setup
	$(UV) run --no-sync pytest -q --cov=mesokwant --cov=systems --cov-report=term

# Slow: the fast tests run on the code with one small change after the other (docs/explanations/testing.md).
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
	$(UV) run --no-sync python -m benchmarks.sweeps
	$(UV) run --no-sync python -m benchmarks.choice
	$(UV) run --no-sync python -m benchmarks.engine

setup: $(READY)

# Kwant is built by $$CC where it is set, and else by the compiler that built Python.
define check
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "mesokwant needs Python 3.11 or newer; name one by make PYTHON=python3.12." >&2; exit 1; }
@compiler="$${CC:-$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_config_var("CC") or "cc")')}"; \
  command -v $${compiler%% *} >/dev/null || { \
  echo "Kwant is built from source and needs a C compiler, and there is no '$$compiler': install" \
    "gcc or clang (Debian: apt install gcc; macOS: xcode-select --install), name another one by" \
    "make CC=clang, or use conda-forge (see docs/how-to/installation.md)." >&2; exit 1; }
endef

$(READY): pyproject.toml
	$(check)
	@[ -x "$(UV)" ] || { echo "setting up uv in $(BOOT)"; \
	  $(PYTHON) -m venv $(BOOT) && $(BOOT)/bin/pip install --quiet uv; }
	@echo "setting up .venv (building Kwant takes about two minutes the first time)"
	$(UV) sync --python $(PYTHON)
	@touch $@

# Wheels of what is built from source, which uv and pip install without a compiler.
wheels:
	$(check)
	@echo "building wheels of Kwant and tinyarray, which takes about three minutes the first time"
	$(PYTHON) -m venv --clear wheels/.build
	wheels/.build/bin/pip install --quiet "numpy>=2,<3" scipy "cython>=3" packaging "setuptools>=71,<81"
	wheels/.build/bin/pip wheel --no-deps --no-build-isolation --find-links wheels --wheel-dir wheels \
	  "tinyarray>=1.2.5"
	wheels/.build/bin/pip wheel --no-deps --no-build-isolation --find-links wheels --wheel-dir wheels \
	  --config-settings=--build-option=--cython "kwant>=1.5,<1.6"
	@rm -rf wheels/.build

# Results stay: those of full presets are part of the repository, and others took time to compute.
# Wheels stay: a machine without a compiler or a network can't build them again.
clean:
	rm -rf book .venv .uv .pytest_cache .mypy_cache .ruff_cache .hypothesis
