# syntax=docker/dockerfile:1

FROM rust:1.95-slim-bookworm AS builder
WORKDIR /build
COPY . .
# The caches keep unchanged dependencies compiled between builds; the binary has to leave them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin entrepot \
    && cp target/release/entrepot /usr/local/bin/entrepot

FROM debian:bookworm-slim
RUN groupadd --system --gid 10001 entrepot \
    && useradd --system --uid 10001 --gid entrepot --home-dir /var/lib/entrepot \
        --shell /usr/sbin/nologin entrepot \
    && install --directory --owner entrepot --group entrepot --mode 0750 /var/lib/entrepot
COPY --from=builder /usr/local/bin/entrepot /usr/local/bin/entrepot

# Loopback would be the container's own. Who may call is left to decide: without
# ENTREPOT__AUTH__MODE=tokens, or ENTREPOT__SERVER__ALLOW_UNAUTHENTICATED=true on a network that is
# closed by other means, the server refuses to start and says so.
ENV ENTREPOT__SERVER__LISTEN=0.0.0.0:50551 \
    ENTREPOT__STORE__URL=sqlite:///var/lib/entrepot/entrepot.db

USER entrepot
WORKDIR /var/lib/entrepot
VOLUME /var/lib/entrepot
EXPOSE 50551
# Health answers with a status, and NOT_SERVING is no error of the call.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD entrepot call --server http://127.0.0.1:50551 grpc.health.v1.Health/Check '{}' \
        | grep -q '"SERVING"'
STOPSIGNAL SIGTERM
ENTRYPOINT ["entrepot"]
CMD ["serve"]
