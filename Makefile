# A Node.js that .ci/prepare has fetched, where the machine's own is too old.
export PATH := $(CURDIR)/target/node/node_modules/.bin:$(PATH)

.PHONY: run test bench mutants fuzz fmt
run: ; @.ci/prepare run && .ci/web && cargo run --release --quiet --package server -- demo
test: ; @.ci/prepare test && cargo xtask ci
bench: ; @.ci/prepare test && bench/run.sh
mutants: ; @.ci/prepare mutants && cargo mutants --package acd --test-package acd --test-package sim
fuzz: ; @.ci/prepare fuzz && fuzz/run.sh
fmt: ; @cargo fmt --all
