# The front door. Each target installs what it needs and says what it does.
SWIFT ?= swift
SCORER_SUITES = ScoringTests|ReportStoreTests|ScorerAPITests

.PHONY: help setup build demo test deb e2e check fuzz sanitize bench fmt clean

help: ## What there is
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/  make \1\t\2/'

setup: ## Install the Debian packages that building and testing need
	@scripts/setup

build: setup ## Build both programs
	$(SWIFT) build

demo: setup ## Show the whole path working on this machine, and clean up
	@scripts/demo

test: setup ## Run every test
	@scripts/fetch-pkits
	# The suites of the agent and those of the scorer one after the other: all at once, some wait too long for their turn.
	$(SWIFT) test --disable-xctest --skip '^($(SCORER_SUITES))[.]'
	$(SWIFT) test --disable-xctest --skip-build --filter '^($(SCORER_SUITES))[.]'
	@scripts/check-api

deb: ## Build the Debian packages into .build-deb, and let lintian read them
	@scripts/setup debhelper dpkg-dev lintian
	@scripts/build-deb
	@scripts/lint-deb

e2e: deb ## Install the packages into real Debians with systemd as PID 1, and show what they do there (needs root)
	@scripts/setup mmdebstrap systemd-container qemu-system-x86 qemu-utils e2fsprogs procps
	@scripts/e2e

check: setup ## Format, arrows between targets, size and libraries of the agent, scripts, a short fuzz run
	@scripts/check

fuzz: setup ## Fuzz everything that takes bytes from outside, ten minutes each (SECONDS=600 TARGETS="pem json")
	@scripts/fuzz $(or $(SECONDS),600) $(TARGETS)

sanitize: setup ## Run the tests of what handles memory and threads under AddressSanitizer and ThreadSanitizer
	@scripts/fetch-pkits
	@scripts/sanitize

bench: setup ## Measure the agent beside what one would use instead
	@scripts/bench "$$(scripts/build-release postured)"

fmt: ## Format every Swift file
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Fuzz

clean: ## Remove what was built
	rm -rf .build .build-*
