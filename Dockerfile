# docs/operating.md says how to run it.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base ca-certificates cmake perl
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY assets assets
COPY benches benches
# A member of the workspace, of which only the name is needed.
COPY fuzz/Cargo.toml fuzz/
COPY src src
COPY templates templates
COPY tests/fixtures tests/fixtures
# Alpine's C library is linked in, so the program needs no file but itself.
RUN cargo build --release --locked && mkdir /store

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /build/target/release/calbridge /calbridge
COPY --from=build --chown=65532:65532 /store /var/lib/calbridge
USER 65532:65532
WORKDIR /etc/calbridge
VOLUME /var/lib/calbridge
EXPOSE 8080
ENTRYPOINT ["/calbridge"]
CMD ["serve"]
