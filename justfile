# Common tasks; `just` lists them. Each calls what exists: nothing is defined here alone.

set positional-arguments

_default:
    @just --list --unsorted

# Serve the bundled sample on 127.0.0.1:50551, from a temporary store
serve-sample:
    cargo run --release -- serve --sample

# Run the tests: `just test`, or one suite, such as `just test releases::`
test *filter:
    cargo test --workspace --locked "$@"

# Everything that a change must pass
ci:
    .ci/run

# Formatting and clippy, as in .ci/run
lint:
    cargo fmt --all --check && cargo clippy --workspace --all-targets --locked -- -D warnings

# Documentation of all items
doc:
    cargo doc --no-deps --workspace --document-private-items --locked --open

# Lint the protos and compare them with what was promised; needs buf
protos:
    buf lint && buf breaking --against proto/frozen.binpb

# Renew the snapshots; read the diff afterwards
snapshots:
    INSTA_UPDATE=always cargo test --workspace --locked

# Run a bench (queries, sanctions or energy) on the store that ENTREPOT_BENCH_STORE names: see benches/README.md
bench name:
    cargo bench --bench "$1"

# Check the Dockerfile, the Compose file, the workflows and the scripts
check-deploy:
    .ci/check-deploy

# Build the container image
image:
    docker build --tag entrepot:local .

# PostgreSQL, migrations and the service, on loopback
up:
    docker compose up --build
