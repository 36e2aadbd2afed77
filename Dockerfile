# The image holds the one static binary, the certificates that outside chats need, and an empty folder for the volume.
# .ci/run checks the same binary as the same user in an empty root, since no engine builds this file there.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=development
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/boswell ./cmd/boswell \
 && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/boswell /boswell
COPY --from=build --chown=65534:65534 /out/data /data
USER 65534:65534
WORKDIR /data
VOLUME /data
ENV BOSWELL_CONFIG=/data/boswell.yaml
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD ["/boswell", "health"]
ENTRYPOINT ["/boswell"]
# `init` once, with the same volume, writes the configuration that `run` reads.
CMD ["run"]
