# The image of the service: built from source in one stage, and in the other nothing but the binary and the
# certificates it needs to speak TLS. It holds no key, no password and no data; docker-compose.yml shows what to give it.

FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
# The caches live outside the image, so the binary is copied out of them in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked --bin intercultural-cities \
    && cp target/release/intercultural-cities /intercultural-cities

FROM debian:bookworm-slim
# SMTP servers are checked against the certificates of the system.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
# Volumes mounted here take over the owner of these folders when they are first made.
RUN install -d -o 10001 -g 10001 -m 0750 \
    /var/lib/intercultural-cities/audit \
    /var/lib/intercultural-cities/files \
    /var/lib/intercultural-cities/outbox
COPY --from=build /intercultural-cities /usr/local/bin/intercultural-cities
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/intercultural-cities
EXPOSE 8080
# The settings decide where it listens, so whoever sets them checks its health: see docker-compose.yml.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/intercultural-cities"]
CMD ["serve", "--migrate"]
