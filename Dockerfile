# Why digests: a tag can be moved. These are of the indices for all architectures; Dependabot moves tag and digest.
# The program is the same for every processor. It is built on the processor of the build machine, and only node differs.
FROM --platform=$BUILDPLATFORM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Why no scripts: the only one fetches the node binary that a checkout's npm scripts run on, and this image has one.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY config ./config
COPY src ./src
RUN node node_modules/typescript/bin/tsc -p src
RUN npm prune --omit=dev --ignore-scripts
RUN mkdir -p /state && mkdir -m 700 /state/signpost

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS node

# Node alone: no npm, no compiler, no shell scripts of ours.
FROM debian:bookworm-20260824-slim@sha256:88200866dfff7ea7f5cbcb6ec7c8a701889efe6fe859fe64d6990e4b07ea4171
COPY --from=node /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/package.json ./
COPY config/signpost.schema.json ./config/
# Without SIGNPOST_DOMAINS the settings table is /config/signpost.yaml, which you mount. This is one to start from.
COPY config/signpost.template.yaml /config/
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    SIGNPOST_CONFIG=/config/signpost.yaml \
    SIGNPOST_LISTEN=:8080
# Where http.tls.acme stores certificates: mount a volume there. Why no VOLUME: most containers need none, and would leave one behind.
COPY --from=build --chown=65534:65534 /state /var/lib/
# The user nobody. The service writes nothing else.
USER 65534:65534
# http, and https if the settings have it. Publish them as 80:8080 and 443:8443: the user may not open ports below 1024.
EXPOSE 8080 8443
# Any answer is a sign of life. Which domains are served depends on the settings. With http.proxyProtocol, Signpost closes
# this connection, and that is a sign of life, too.
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.SIGNPOST_LISTEN.split(':').pop()).catch(({ cause }) => process.exit(/SOCKET|RESET/.test(cause?.code) ? 0 : 1))"]
# Why the flag and MALLOC_ARENA_MAX: docs/guides/scaling.md, "Memory".
ENTRYPOINT ["node", "--max-semi-space-size=4", "dist/signpost.cjs"]
CMD ["serve"]
