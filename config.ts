/**
 * Everything about a process that isn't Temporal, from the environment. Parsed once at start, no I/O.
 * Read next: README.md, which has the table of variables.
 */
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)
const blankIsUnset = (value: unknown): unknown => (value === '' ? undefined : value)

const environment = z.object({
  HOST: z.preprocess(blankIsUnset, z.string().default('127.0.0.1')),
  PORT: z.preprocess(blankIsUnset, port.default(8080)),
  /** Where a worker serves /metrics and /health; 0 = any free port. */
  TOCSIN_WORKER_PORT: z.preprocess(blankIsUnset, port.default(0)),
  TOCSIN_DATA_DIR: z.preprocess(blankIsUnset, z.string().default('.tocsin')),
  TOCSIN_API_KEY: z.preprocess(blankIsUnset, z.string().min(16).max(128).optional()),
  TOCSIN_APP_KEY: z.preprocess(blankIsUnset, z.string().min(16).max(128).optional()),
  DATABASE_URL: z.preprocess(blankIsUnset, z.url({ protocol: /^postgres(ql)?$/ }).default('postgresql://tocsin@127.0.0.1:5432/tocsin')),
  /** Of the Temporal Web UI, for links; unset where there is none. */
  TOCSIN_TEMPORAL_UI: z.preprocess(blankIsUnset, z.url().optional()),
  LOG_LEVEL: z.preprocess(blankIsUnset, z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info')),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.preprocess(blankIsUnset, z.url().optional()),
})

export type Config = Readonly<{
  host: string
  port: number
  workerPort: number
  dataDir: string
  apiKey: string | null
  appKey: string | null
  databaseUrl: string
  temporalUi: string | null
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  otlpEndpoint: string | null
}>

/** Rejects with a ZodError that names the variable. */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const parsed = environment.parse(env)
  return {
    host: parsed.HOST,
    port: parsed.PORT,
    workerPort: parsed.TOCSIN_WORKER_PORT,
    dataDir: parsed.TOCSIN_DATA_DIR,
    apiKey: parsed.TOCSIN_API_KEY ?? null,
    appKey: parsed.TOCSIN_APP_KEY ?? null,
    databaseUrl: parsed.DATABASE_URL,
    temporalUi: parsed.TOCSIN_TEMPORAL_UI ?? null,
    logLevel: parsed.LOG_LEVEL,
    otlpEndpoint: parsed.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
  }
}
