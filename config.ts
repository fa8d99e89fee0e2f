/**
 * Everything about a process that isn't Temporal, from the environment. Parsed once at start, no I/O.
 * Read next: README.md, which has the table of variables.
 */
import { z } from 'zod'
import { defaultIntakeDays, type IntakeDays } from './core/intake-days.ts'

const portText = 'expected a port, 0 to 65535'
const port = z
  .string()
  .regex(/^\d{1,5}$/, portText)
  .transform(Number)
  .pipe(z.number().max(65_535, portText))
const key = z.string().min(16, 'expected 16 to 128 characters').max(128, 'expected 16 to 128 characters')
/** Of AES-256. */
const secretKeyBytes = 32
const url = z.url('expected an address, as http://127.0.0.1:4318')
const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'expected an address, as postgresql://user:password@host:5432/database' })

const days = (min: number, max: number) => {
  const error = `expected a number of days, ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,5}$/, error)
    .transform(Number)
    .pipe(z.number().min(min, error).max(max, error))
}

/** One is of no use to anybody; a million in ten seconds no process answers. */
const rateLimit = z
  .string()
  .regex(/^\d{1,7}$/, 'expected a number of requests, 10 to 1000000')
  .transform(Number)
  .pipe(z.number().min(10, 'expected 10 or more').max(1_000_000, 'expected 1000000 or less'))

const secretKeys = z.string().transform((text, context): readonly Buffer[] => {
  const keys = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'))
  if (keys.every((one) => one.byteLength === secretKeyBytes)) return keys
  // Never the text itself.
  context.addIssue({ code: 'custom', message: 'expected 32 bytes in base64 (openssl rand -base64 32), or several of these with commas' })
  return z.NEVER
})

const privateNetworks = z
  .string()
  .regex(
    /^(none|all|[0-9A-Fa-f.:]+(\/\d{1,3})?(\s*,\s*[0-9A-Fa-f.:]+(\/\d{1,3})?)*)$/,
    'expected none, all, or networks like 10.0.0.0/8,127.0.0.1',
  )

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8080),
  /** Where a worker serves /metrics and /health; 0 = any free port. */
  TOCSIN_WORKER_PORT: port.default(0),
  TOCSIN_DATA_DIR: z.string().default('.tocsin'),
  TOCSIN_API_KEY: key.optional(),
  TOCSIN_APP_KEY: key.optional(),
  DATABASE_URL: databaseUrl.default('postgresql://tocsin@127.0.0.1:5432/tocsin'),
  /** Of the Temporal Web UI, for links; unset where there is none. */
  TOCSIN_TEMPORAL_UI: url.optional(),
  LOG_LEVEL: logLevel.default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  /** Evaluations that people look at. 2,000 monitors a minute make 2.9 million rows a day, about half a gigabyte. */
  TOCSIN_EVALUATION_DAYS: days(1, 400).default(7),
  /** Points of metrics: what a query may look back upon, twice that for a comparison with the week before. */
  TOCSIN_METRIC_DAYS: days(2, 400).default(defaultIntakeDays.metrics),
  /** Runs of service checks. */
  TOCSIN_CHECK_DAYS: days(2, 400).default(defaultIntakeDays.checks),
  TOCSIN_EVENT_DAYS: days(1, 400).default(defaultIntakeDays.events),
  TOCSIN_LOG_DAYS: days(1, 400).default(defaultIntakeDays.logs),
  /** Transitions, messages, deliveries, audit events. A year, and the same month of the year before to compare it with. */
  TOCSIN_HISTORY_DAYS: days(7, 36_500).default(400),
  /** Encrypts the secrets of sources and receivers: base64 of 32 bytes, or several with commas. The first encrypts, each opens. */
  TOCSIN_SECRET_KEY: secretKeys.optional(),
  /** YAML or JSON: sources that the API sets up when it starts. */
  TOCSIN_SOURCES_FILE: z.string().optional(),
  /** YAML or JSON: receivers that the API sets up when it starts. */
  TOCSIN_RECEIVERS_FILE: z.string().optional(),
  /** Called each minute while, and only while, evaluations are on time. An Alertmanager's …/api/v2/alerts gets an alert instead. */
  TOCSIN_DEADMAN_URL: z.url({ protocol: /^https?$/, error: 'expected an address, as https://hc-ping.com/…' }).optional(),
  /** As http://127.0.0.1:9090/api/v1/write: who keeps `ALERTS`. */
  TOCSIN_REMOTE_WRITE_URL: z.url({ protocol: /^https?$/, error: 'expected an address, as http://127.0.0.1:9090/api/v1/write' }).optional(),
  TOCSIN_REMOTE_WRITE_USERNAME: z.string().optional(),
  TOCSIN_REMOTE_WRITE_PASSWORD: z.string().optional(),
  TOCSIN_REMOTE_WRITE_TOKEN: z.string().optional(),
  TOCSIN_REMOTE_WRITE_TENANT: z.string().optional(),
  /** Where people reach the engine: messages link to it. */
  TOCSIN_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'expected an address, as https://tocsin.example.com' }).optional(),
  /** Which addresses that aren't public may be called: `none`, `all`, or networks with commas, as 10.0.0.0/8,127.0.0.1. */
  TOCSIN_ALLOW_PRIVATE: privateNetworks.default('none'),
  /** The built console, which the API serves; unset = it serves none. */
  TOCSIN_CONSOLE_DIR: z.string().optional(),
  /** Requests of one key in ten seconds. */
  TOCSIN_RATE_LIMIT: rateLimit.default(10_000),
  /** The API that commands ask, where it isn't the one that runs here. */
  TOCSIN_URL: url.optional(),
  /** Whose monitors `tocsin import datadog --from-api` takes over. */
  DD_API_KEY: z.string().optional(),
  DD_APP_KEY: z.string().optional(),
  /** The name alone, as datadoghq.eu; a whole address where Datadog is reached by a proxy. */
  DD_SITE: z.string().default('datadoghq.com'),
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
  logLevel: z.output<typeof logLevel>
  otlpEndpoint: string | null
  evaluationDays: number
  intakeDays: IntakeDays
  historyDays: number
  secretKeys: readonly Buffer[]
  sourcesFile: string | null
  receiversFile: string | null
  /** Without a slash at the end. */
  publicUrl: string | null
  /** null = nobody is told that all is well. */
  deadmanUrl: string | null
  /** null = `ALERTS` are written nowhere. */
  remoteWrite: RemoteWrite | null
  /** As it was written; adapters/http/guard.ts reads it. */
  allowPrivate: string
  /** null = the API serves no console. */
  consoleDir: string | null
  /** Requests of one key in ten seconds. */
  rateLimit: number
  /** null = the one that runs here. */
  url: string | null
  datadog: Readonly<{ apiKey: string | null; appKey: string | null; site: string }>
}>

/** Either a name and a password or a token; null where there is none. `tenant`: whose series they are, where many are kept apart. */
export type RemoteWrite = Readonly<{
  url: string
  username: string | null
  password: string | null
  token: string | null
  tenant: string | null
}>

export type Environment = Readonly<Record<string, string | undefined>>

/** Variables that make no sense. The message names each, says what was expected, and never repeats a value: it may be a secret. */
export class EnvironmentError extends Error {
  readonly code = 'bad-environment'
  constructor(problems: readonly string[]) {
    super(['The environment is wrong:', ...problems].join('\n  '))
    this.name = 'EnvironmentError'
  }
}

/** A blank variable counts as unset. Throws an EnvironmentError. */
export function parseEnvironment<Shape extends z.ZodType>(shape: Shape, env: Environment): z.output<Shape> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const parsed = shape.safeParse(set)
  if (parsed.success) return parsed.data
  throw new EnvironmentError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
}

/** A variable that a file of the user's names; null = it isn't set. */
export function variableOf(name: string, env: Environment = process.env): string | null {
  return env[name] ?? null
}

/** Throws an EnvironmentError. */
export function loadConfig(env: Environment = process.env): Config {
  const parsed = parseEnvironment(environment, env)
  return {
    host: parsed.HOST,
    port: parsed.PORT,
    workerPort: parsed.TOCSIN_WORKER_PORT,
    dataDir: parsed.TOCSIN_DATA_DIR,
    apiKey: parsed.TOCSIN_API_KEY ?? null,
    appKey: parsed.TOCSIN_APP_KEY ?? null,
    databaseUrl: parsed.DATABASE_URL,
    consoleDir: parsed.TOCSIN_CONSOLE_DIR ?? null,
    rateLimit: parsed.TOCSIN_RATE_LIMIT,
    temporalUi: parsed.TOCSIN_TEMPORAL_UI ?? null,
    logLevel: parsed.LOG_LEVEL,
    otlpEndpoint: parsed.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    evaluationDays: parsed.TOCSIN_EVALUATION_DAYS,
    intakeDays: {
      metrics: parsed.TOCSIN_METRIC_DAYS,
      checks: parsed.TOCSIN_CHECK_DAYS,
      events: parsed.TOCSIN_EVENT_DAYS,
      logs: parsed.TOCSIN_LOG_DAYS,
    },
    historyDays: parsed.TOCSIN_HISTORY_DAYS,
    secretKeys: parsed.TOCSIN_SECRET_KEY ?? [],
    sourcesFile: parsed.TOCSIN_SOURCES_FILE ?? null,
    receiversFile: parsed.TOCSIN_RECEIVERS_FILE ?? null,
    publicUrl: parsed.TOCSIN_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    deadmanUrl: parsed.TOCSIN_DEADMAN_URL ?? null,
    remoteWrite: remoteWriteOf(parsed),
    allowPrivate: parsed.TOCSIN_ALLOW_PRIVATE,
    url: parsed.TOCSIN_URL ?? null,
    datadog: { apiKey: parsed.DD_API_KEY ?? null, appKey: parsed.DD_APP_KEY ?? null, site: parsed.DD_SITE },
  }
}

function remoteWriteOf(parsed: z.output<typeof environment>): RemoteWrite | null {
  if (parsed.TOCSIN_REMOTE_WRITE_URL === undefined) return null
  return {
    url: parsed.TOCSIN_REMOTE_WRITE_URL,
    username: parsed.TOCSIN_REMOTE_WRITE_USERNAME ?? null,
    password: parsed.TOCSIN_REMOTE_WRITE_PASSWORD ?? null,
    token: parsed.TOCSIN_REMOTE_WRITE_TOKEN ?? null,
    tenant: parsed.TOCSIN_REMOTE_WRITE_TENANT ?? null,
  }
}
