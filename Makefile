# The front door. Each target installs what it needs and says what it does.
SWIFT ?= swift
# Options of 'swift build' and 'swift test', such as '-debug-info-format none'.
export SWIFTFLAGS ?=
SCORER_SUITES = ScoringTests|DeviceIdentityTests|ScorerStoreTests|SQLiteStoreTests|CloudflareAccessTests|ScorerCoreTests|ScorerHTTPTests|CommandLineTests

.PHONY: help setup setup-all build demo test deb e2e e2e-images check check-source check-deploy fuzz sanitize sanitize-address
.PHONY: sanitize-thread mutants bench soak fmt clean

help: ## What there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/'

setup: ## Install the Debian packages that building and testing need
	@scripts/setup

to_package = debhelper dpkg-dev lintian
to_boot = mmdebstrap systemd-container qemu-system-x86 qemu-utils e2fsprogs procps
to_check = shellcheck
to_deploy = yamllint ansible-lint

setup-all:
	@scripts/setup $(to_package) $(to_boot) $(to_check) $(to_deploy)

build: setup ## Build both programs
	$(SWIFT) build $(SWIFTFLAGS)

demo: setup ## Show the whole path working on this machine, and clean up
	@scripts/demo

test: setup ## Run every test
	@scripts/fetch-pkits
	# In two processes, as the programs are: the agent bounds SQLite's memory for its whole process.
	$(SWIFT) test $(SWIFTFLAGS) --disable-xctest --skip '^($(SCORER_SUITES))[.]'
	$(SWIFT) test $(SWIFTFLAGS) --disable-xctest --skip-build --filter '^($(SCORER_SUITES))[.]'
	@scripts/check-api

deb: ## Build the Debian packages into .build-deb, and let lintian read them
	@scripts/setup $(to_package)
	@scripts/build-deb
	@scripts/lint-deb

e2e: deb e2e-images ## Install the packages into real Debians with systemd as PID 1, and show what they do there (needs root)
	@scripts/e2e

# What is booted: a minute or two, and a mirror of Debian's.
e2e-images:
	@scripts/setup $(to_boot)
	@scripts/boot-debian prepare
	@DEBIAN=trixie scripts/boot-debian prepare
	@scripts/boot-debian prepare --vm

check: setup ## Format, scripts, arrows between targets, what is shipped as it is linked, a short fuzz run
	@scripts/setup $(to_check)
	@scripts/check

check-source:
	@scripts/setup $(to_check)
	@scripts/check source

check-deploy: setup ## The examples of docs/deploy.md and docs/cloudflare.md: Ansible, alerts, Terraform
	@scripts/setup $(to_deploy)
	@packaging/deploy/check

fuzz: setup ## Fuzz everything that takes bytes from outside, ten minutes each (SECONDS=600 TARGETS="pem json")
	@scripts/fuzz $(or $(SECONDS),600) $(TARGETS)

sanitize: sanitize-address sanitize-thread ## Run the tests of what handles memory and threads under sanitizers

sanitize-address sanitize-thread: sanitize-%: setup
	@scripts/fetch-pkits
	@scripts/sanitize $*

mutants: setup ## Break each law of identity in several ways, and see that its tests notice
	@scripts/check-mutants

bench: setup ## Measure the agent beside what one would use instead, and search for messages that cost the scorer much
	@scripts/bench "$$(scripts/build-release postured)"
	@scripts/bench-messages

soak: deb e2e-images ## What is long by nature: ten thousand reports and ten minutes of rest, five hundred kills (needs root)
	@scripts/soak "$$(scripts/build-release postured)" "$$(scripts/build-release posture-scorer)"
	@KILLS=500 scripts/e2e bookworm kill

fmt: ## Format every Swift file
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Fuzz Bench

clean: ## Remove what was built
	rm -rf .build .build-*
