# `make` lists what there is. The work itself is done by cargo, `cargo xtask` (what the browser gets) and scripts/.

SHELL := /bin/bash
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
STEP := scripts/step.sh
# On a terminal cargo shows how far it is; in a log its list of crates would only be noise.
QUIET := $(shell [ -t 2 ] || echo --quiet)
ifneq ($(QUIET),)
export XTASK_QUIET := 1
endif

SITE := $(abspath target/site)
TEST_SITE := $(abspath target/site-test)
DATA ?= setaside-data

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run dev test lint unit browser browser-as-run bench fuzz release fmt clean-data setup-run setup-test

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

run: setup-run ## Build and start the program with example data (ARGS="…" is handed on)
	@$(STEP) "browser assets" cargo xtask assets --profile quick-wasm --out $(SITE)
	@$(STEP) "server" cargo build $(QUIET) --profile quick --features ssr --bin setaside
	@echo "==> starting, data in $(DATA)"
	@SETASIDE_SITE=$(SITE) exec $(TARGET)/quick/setaside serve --demo --data $(DATA) $(ARGS)

dev: setup-run ## Rebuild, restart and reload whenever a file changes
	@cargo xtask dev

test: setup-test ## Everything that must hold: lints, Rust tests on SQLite and PostgreSQL, browser tests
	@$(MAKE) --no-print-directory lint unit browser
	@echo "==> all tests passed"

# Where the browser's compiler is Debian's it comes without clippy; the ordinary one then looks at the same code natively.
lint: setup-test ## Formatting, clippy for both halves, TypeScript
	@$(STEP) "formatting" cargo fmt --all --check
	@$(STEP) "clippy: server" cargo clippy $(QUIET) --features ssr --all-targets -- -D warnings
	@if [ -z "$$(scripts/wasm-toolchain.sh --flag)" ]; then \
	  $(STEP) "clippy: browser" cargo clippy $(QUIET) --lib --no-default-features --features hydrate \
	    --target wasm32-unknown-unknown --target-dir $(TARGET)/web -- -D warnings; \
	else \
	  $(STEP) "clippy: browser" cargo clippy $(QUIET) --lib --no-default-features --features hydrate -- -D warnings; \
	fi
	@$(STEP) "clippy: build tool" cargo clippy $(QUIET) --package xtask --profile xtask --all-targets -- -D warnings
	@$(STEP) "types of editor and browser tests" node_modules/.bin/tsc --noEmit

unit: setup-test ## Rust tests, with a PostgreSQL that lives as long as they run
	@SETASIDE_TEST_REQUIRE_POSTGRES=1 $(STEP) "Rust tests" scripts/with-postgres.sh cargo test $(QUIET) --features ssr --no-fail-fast
	@$(STEP) "tests of the build tool" cargo test $(QUIET) --package xtask --profile xtask

browser: setup-test ## Browser tests (ARGS="name.spec.ts --headed" is handed on)
	@$(STEP) "browser assets" cargo xtask assets --profile dev --out $(TEST_SITE)
	@$(STEP) "server with a clock for tests" cargo build $(QUIET) --features test-clock --bin setaside
	@SETASIDE_SITE=$(TEST_SITE) SETASIDE_BINARY=$(TARGET)/debug/setaside \
	  $(STEP) "browser tests" node_modules/.bin/playwright test --config end2end/playwright.config.ts $(ARGS)
	@[ -n "$(ARGS)" ] || $(MAKE) --no-print-directory browser-as-run

# The tests above use what compiles fastest; a person gets another package, which may be broken in ways of its own.
browser-as-run: setup-test
	@$(STEP) "browser assets as make run has them" cargo xtask assets --profile quick-wasm --out $(SITE)
	@SETASIDE_SITE=$(SITE) SETASIDE_BINARY=$(TARGET)/debug/setaside \
	  $(STEP) "browser tests of that package" node_modules/.bin/playwright test --config end2end/playwright.config.ts --grep @run

bench: setup-test ## Measure the release build (ARGS="portal saves" for some parts, BENCH_SECONDS=10 for each load)
	@scripts/bench.sh $(ARGS)
	@[ -n "$(ARGS)" ] || $(STEP) "counting" cargo bench $(QUIET) --features ssr --bench counting -- --measurement-time $(or $(BENCH_SECONDS),5) --noplot

fuzz: setup-run ## Fuzz what reads foreign bytes, guided by coverage (ARGS="document table workbook", FUZZ_SECONDS=60 for each)
	@scripts/fuzz.sh $(ARGS)

release: setup-run ## The server and the assets as they are released
	@$(STEP) "browser assets" cargo xtask assets --profile release-wasm --out $(TARGET)/release/site
	@$(STEP) "server" cargo build $(QUIET) --release --features ssr --bin setaside
	@cargo xtask sizes --out $(TARGET)/release/site
	@echo "==> $(TARGET)/release/setaside with SETASIDE_SITE=$(TARGET)/release/site"

fmt: ## Format the Rust code
	@cargo fmt --all

clean-data: ## Delete the example data of make run
	rm -rf -- $(DATA)
