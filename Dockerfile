# Two stages: compilers stay behind, and what runs belongs to root and cannot be changed by the process.
FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false
COPY package.json package-lock.json ./
# The embedded PostgreSQL is an optional package for the machine of a developer: nothing here needs it.
RUN npm install --include=dev --omit=optional --ignore-scripts
COPY tsconfig.json nest-cli.json ./
COPY config ./config
COPY src ./src
RUN node config/scripts/build.mjs && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production PORT=3000
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
# `live` and not `ready`: the loss of a store must not restart the process that is waiting for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
