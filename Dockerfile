# scout-mcp as a container: MCP on stdin and stdout, no port, no shell, uid 65532. How to use it: docs/container.md
#
# Both base images are arguments. The tags below move; pin them by digest in a release:
#   --build-arg RUNTIME_BASE=gcr.io/distroless/base-nossl-debian12:nonroot@sha256:…
# The same sources and the same bases give the same image:
#   docker buildx build --build-arg SOURCE_DATE_EPOCH=0 --output type=image,rewrite-timestamp=true .
#   buildah bud --format docker --timestamp 0 .
ARG BUILD_BASE=docker.io/library/node:24-bookworm
ARG RUNTIME_BASE=gcr.io/distroless/base-nossl-debian12:nonroot

FROM ${BUILD_BASE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# A registry of your own comes in as a secret, so that its password stays out of the image.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# What npm would publish, and what it runs on: Node without its symbols (18 MB), and the two libraries that the
# runtime base lacks.
RUN npm run --silent build \
 && npm pack --ignore-scripts --silent \
 && mkdir -p /state /out/app /out/usr/local/bin "/out/usr/lib/$(uname -m)-linux-gnu" \
 && tar -xzf scout-mcp-*.tgz -C /out/app --strip-components=1 --no-same-owner \
 && strip -o /out/usr/local/bin/node "$(command -v node)" \
 && for name in libstdc++.so.6 libgcc_s.so.1; do \
      cp -L "$(ldd "$(command -v node)" | awk -v name="$name" '$1 == name { print $3 }')" \
        "/out/usr/lib/$(uname -m)-linux-gnu/$name" || exit 1; \
    done \
 && find /out /state -exec touch --no-dereference --date=@0 {} +

FROM ${RUNTIME_BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="scout-mcp" \
      org.opencontainers.image.description="An MCP server that looks at your machines over SSH: read-only, safe to auto-approve" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /out/ /
# Where a volume may be mounted for SCOUT_AUDIT_LOG; a new named volume takes over this owner.
COPY --from=build --chown=65532:65532 /state /var/lib/scout
# There is no ssh in here to fall back to: a host that needs it is refused with that reason.
ENV HOME=/home/nonroot \
    PATH=/usr/local/bin \
    SCOUT_SSH_ENGINE=ssh2
USER 65532:65532
WORKDIR /home/nonroot
HEALTHCHECK --interval=30s --timeout=10s --start-period=5s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/bin/scout-mcp.js", "doctor", "--ready"]
ENTRYPOINT ["/usr/local/bin/node", "/app/bin/scout-mcp.js"]
