# make demo   set up and show what taizhang does with the examples
# make test   set up and run the tests
# make check  style, types, and which room may import which
# make golden rewrite the kept outputs (tests/golden) and what the documents show; review the diff
# make clean  remove what these made
# Needs Python 3.11 or newer and a package index, nothing else. PYTHON=... chooses the interpreter.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
EXAMPLE := examples/lanchuan-2026-plan.txt
PAGE := examples/lanchuan-2025-page.md
LAST := examples/lanchuan-2025-plan.txt

.PHONY: demo test check golden clean setup

demo: $(RUN)
	@mkdir -p out
	@echo '$$ taizhang read $(EXAMPLE)        (前 30 行 first 30 lines)'; echo
	@$(BIN)/taizhang read $(EXAMPLE) | head -n 30
	@echo '  …'; echo
	@echo '$$ taizhang explain $(EXAMPLE) 105.6万吨'; echo
	@$(BIN)/taizhang explain $(EXAMPLE) 105.6万吨
	@echo '$$ taizhang coverage $(EXAMPLE)    (前 20 行 first 20 lines)'; echo
	@$(BIN)/taizhang coverage $(EXAMPLE) | head -n 20
	@echo '  …'; echo
	@$(BIN)/taizhang read $(EXAMPLE) -o out/statements.xlsx
	@$(BIN)/taizhang read $(PAGE) -o out/page.html
	@echo '$$ taizhang check $(LAST) $(EXAMPLE)'; echo
	@$(BIN)/taizhang check $(LAST) $(EXAMPLE)
	@echo
	@$(BIN)/taizhang check $(LAST) $(EXAMPLE) -o out/check.html
	@echo
	@test -f out/demo.db || $(BIN)/taizhang enter out/demo.db $(LAST) $(EXAMPLE) $(PAGE)
	@echo '接着试试 Try next:'
	@echo '  打开网页 open the pages:               $(BIN)/taizhang serve out/demo.db'
	@echo '  用浏览器打开 open in a browser:      out/page.html  out/check.html'
	@echo '  用 Excel 或 WPS 打开 open in Excel:  out/statements.xlsx'
	@echo '  读你自己的报告 read a report of yours: $(BIN)/taizhang read 报告.txt'
	@echo '  一个文件夹 a whole folder:             $(BIN)/taizhang read 文件夹/ -o 指标.xlsx'
	@echo '  核对前后两年 two years:                $(BIN)/taizhang check 上年.txt 今年.txt -o 核对.html'
	@echo '  只看承诺 the promises only:            $(BIN)/taizhang read $(EXAMPLE) --commitments'
	@echo '  全部用法 all of it:                    $(BIN)/taizhang --help'

test: $(DEV)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  echo '没有 Chromium，网页的浏览器测试会跳过（Debian/Ubuntu：apt install chromium）。  No Chromium: the tests of the pages in a browser are skipped (Debian/Ubuntu: apt install chromium).' >&2
	$(BIN)/python -m pytest -n auto

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

golden: $(DEV)
	$(BIN)/python tests/rewrite_golden.py
	$(BIN)/python tests/rewrite_docs.py

setup: $(DEV)

clean:
	rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): pyproject.toml
	@set -e; \
	newest=''; \
	for candidate in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3 python; do \
	  if command -v "$$candidate" >/dev/null 2>&1 && \
	     "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    newest="$$candidate"; break; \
	  fi; \
	done; \
	if [ -z "$$newest" ]; then \
	  echo '需要 Python 3.11 或更高版本，没有找到。请先安装（Debian/Ubuntu：apt install python3 python3-venv），或用 make PYTHON=/路径/python3 指定。' >&2; \
	  echo 'Python 3.11 or newer is needed and none was found. Install it (Debian/Ubuntu: apt install python3 python3-venv), or name one: make PYTHON=/path/to/python3.' >&2; \
	  exit 1; \
	fi; \
	if ! "$$newest" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "$$newest 缺少 venv 模块。请安装后再试（Debian/Ubuntu：apt install python3-venv）。" >&2; \
	  echo "$$newest has no venv module. Install it and try again (Debian/Ubuntu: apt install python3-venv)." >&2; \
	  exit 1; \
	fi; \
	echo "安装到 $(VENV)（$$newest）…  Installing into $(VENV) …" >&2; \
	test -x $(BIN)/python && $(BIN)/python -c '' 2>/dev/null || "$$newest" -m venv --clear $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEV): $(RUN)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@
