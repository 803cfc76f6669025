# The front door. Each target installs what it needs and says what it does.
SWIFT ?= swift

.PHONY: help setup build demo test check bench fmt clean

help: ## What there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/'

setup: ## Install the Debian packages that building and testing need
	@scripts/setup

build: setup ## Build both programs
	$(SWIFT) build

demo: setup ## Show the whole path working on this machine, and clean up
	@scripts/demo

test: setup ## Run every test
	@scripts/fetch-pkits
	$(SWIFT) test --disable-xctest

check: setup ## Format, arrows between targets, size and libraries of the agent, scripts
	@scripts/check

bench: setup ## Measure the agent beside what one would use instead
	@scripts/bench "$$(scripts/build-agent)"

fmt: ## Format every Swift file
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

clean: ## Remove what was built
	rm -rf .build .build-agent
