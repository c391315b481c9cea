# syntax=docker/dockerfile:1

FROM rust:1.95-slim-bookworm AS builder
WORKDIR /build

# The dependencies first, as a layer of their own: it stays until the manifests or the lock file change. Cargo wants every
# target that the manifest names to be there; what stands in it does not matter yet.
COPY Cargo.toml Cargo.lock ./
COPY migrations/Cargo.toml migrations/
COPY benches benches
RUN mkdir -p src migrations/src \
    && echo 'fn main() {}' > build.rs \
    && echo 'fn main() {}' > src/main.rs \
    && touch src/lib.rs migrations/src/lib.rs \
    && cargo build --release --locked --bin entrepot

COPY . .
# For `entrepot --version`, since git's folder is not here: docker build --build-arg ENTREPOT_COMMIT=$(git rev-parse HEAD)
ARG ENTREPOT_COMMIT
# Cargo goes by the time of change, and files of a checkout may be older than the stand-ins above. A stand-in prints no version.
RUN touch build.rs src/main.rs src/lib.rs migrations/src/lib.rs \
    && cargo build --release --locked --bin entrepot \
    && [ -n "$(target/release/entrepot --version)" ]

FROM debian:bookworm-slim
RUN groupadd --system --gid 10001 entrepot \
    && useradd --system --uid 10001 --gid entrepot --home-dir /var/lib/entrepot \
        --shell /usr/sbin/nologin entrepot \
    && install --directory --owner entrepot --group entrepot --mode 0750 /var/lib/entrepot
COPY --from=builder /build/target/release/entrepot /usr/local/bin/entrepot
COPY LICENSE NOTICE /usr/share/doc/entrepot/

# Loopback would be the container's own. Who may call is left to decide: without ENTREPOT__AUTH__MODE=tokens, or
# ENTREPOT__SERVER__ALLOW_UNAUTHENTICATED=true on a network that is closed by other means, the server refuses to start and
# says so. Imports spill where there is a volume, so that the rest of the file system may be read-only.
ENV ENTREPOT__SERVER__LISTEN=0.0.0.0:50551 \
    ENTREPOT__STORE__URL=sqlite:///var/lib/entrepot/entrepot.db \
    ENTREPOT__IMPORT__TEMP_DIR=/var/lib/entrepot

# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/entrepot
VOLUME /var/lib/entrepot
EXPOSE 50551
# Asks the port of ENTREPOT__SERVER__LISTEN. Health answers with a status, and NOT_SERVING is no error of the call.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["sh", "-c", "entrepot call --server \"http://127.0.0.1:${ENTREPOT__SERVER__LISTEN##*:}\" grpc.health.v1.Health/Check '{}' | grep -q '\"SERVING\"'"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["entrepot"]
CMD ["serve"]
