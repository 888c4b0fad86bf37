.PHONY: run test bench mutants fmt
run: ; @.ci/prepare run && cargo run --release --quiet --package server -- demo
test: ; @.ci/prepare test && cargo xtask ci
bench: ; @.ci/prepare test && bench/run.sh
mutants: ; @.ci/prepare mutants && cargo mutants --package acd --test-package acd --test-package sim
fmt: ; @cargo fmt --all
