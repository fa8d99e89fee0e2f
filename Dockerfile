# One image for API and workers: Node runs the TypeScript as it is, so there is nothing to build but node_modules and the console.
FROM node:24.11.1-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

# The console: the same for every machine.
FROM packages AS console
COPY package.json ./
COPY core ./core
COPY contract ./contract
COPY console ./console
COPY cli ./cli
RUN node cli/console/main.ts /console

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production TOCSIN_CONSOLE_DIR=/console
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json config.ts temporal.config.ts ./
COPY core ./core
COPY contract ./contract
COPY workflows ./workflows
COPY activities ./activities
COPY adapters ./adapters
COPY telemetry ./telemetry
COPY workers ./workers
COPY api ./api
COPY cli ./cli
COPY --from=console /console /console
USER node
EXPOSE 8080 9464
# Node gets the signals itself, without a shell or npm between.
CMD ["node", "api/main.ts"]
