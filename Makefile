.PHONY: run test bench fmt
run: ; @.ci/prepare run && cargo run --release --quiet --package server -- demo
test: ; @.ci/prepare test && cargo xtask ci
bench: ; @.ci/prepare test && bench/run.sh
fmt: ; @cargo fmt --all
