/**
 * Sources as the API and files describe them: a name, a kind, its configuration, its secrets. Secrets go in and never come out.
 * Read next: source-fields.ts, api/routes/sources.ts, adapters/datasources/directory.ts.
 */
import { z } from 'zod'
import { httpConfig, httpSecrets, limits, lokiConfig, postgresUrl, prometheusNames, scrapeInterval, ssl, tlsText } from './source-fields.ts'
import { sourceName } from './source-name.ts'
import { datadogTypes, isEventLike, type MonitorType } from './types.ts'

export const sourceKinds = ['prometheus', 'postgres', 'loki'] as const
export type SourceKind = (typeof sourceKinds)[number]

const common = {
  name: sourceName.refine((name) => !isBuiltIn(name), 'this name belongs to a source that is built in'),
  /** Evaluates the monitors of its types that name no source. */
  default: z.boolean('expected true or false').default(false),
  /** Workers near the source serve this task queue and ask it there; null = any worker asks it. */
  task_queue: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'expected lower-case letters, digits, - and _')
    .nullable()
    .default(null),
}

const prometheus = z.strictObject({
  ...common,
  kind: z.literal('prometheus'),
  config: z.strictObject({ ...httpConfig, names: prometheusNames, scrape_interval_s: scrapeInterval, limits }),
  secrets: httpSecrets,
})

const loki = z.strictObject({
  ...common,
  kind: z.literal('loki'),
  config: z.strictObject({ ...httpConfig, ...lokiConfig, limits }),
  secrets: httpSecrets,
})

const postgres = z.strictObject({
  ...common,
  kind: z.literal('postgres'),
  config: z.strictObject({ url: postgresUrl, ssl, ca: tlsText.optional(), limits }),
  secrets: z.strictObject({ password: z.string().min(1).max(1_000).optional() }).default({}),
})

/** What is posted, and what a file holds. */
export const sourceBody = z.discriminatedUnion('kind', [prometheus, loki, postgres]).superRefine((source, context) => {
  for (const message of wrongPairs(source)) context.addIssue({ code: 'custom', path: ['secrets'], message })
})

export type Source = z.output<typeof sourceBody>
export type SourceOf<Kind extends SourceKind> = Extract<Source, { kind: Kind }>

/** What a file holds. */
export const sourcesFile = z.strictObject({ sources: z.array(z.unknown()).max(1_000) })

const record = z.record(z.string(), z.unknown())
/** What is left out keeps its value; null takes a field of the configuration or a secret away. */
export const sourceChange = z.strictObject({
  name: z.string().optional(),
  kind: z.string().optional(),
  default: z.boolean('expected true or false').optional(),
  task_queue: z.string().nullable().optional(),
  config: record.optional(),
  secrets: record.optional(),
})

export type ChangedSource = Readonly<{ ok: true; body: unknown } | { ok: false; errors: readonly string[] }>

/** The body that a change makes of a source; it is checked as if it were posted. */
export function changeSource(current: Source, body: unknown): ChangedSource {
  const parsed = sourceChange.safeParse(body)
  if (!parsed.success)
    return { ok: false, errors: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`) }
  const { name, kind, config, secrets, ...rest } = parsed.data
  if (name !== undefined && name !== current.name) return { ok: false, errors: [`name: a source keeps its name: create another one`] }
  if (kind !== undefined && kind !== current.kind) return { ok: false, errors: [`kind: a source keeps its kind: create another one`] }
  const next = { ...current, ...rest, config: merged(current.config, config), secrets: merged(current.secrets, secrets) }
  const kept = Object.keys(current.secrets).filter((secret) => !Object.hasOwn(secrets ?? {}, secret))
  // Else whoever may edit a source could have its password sent to a machine of their own.
  if (kept.length > 0 && placeOf(current.config.url) !== placeOf(next.config.url)) {
    return { ok: false, errors: [`config.url: secrets aren't sent to another place unasked: give ${kept.join(', ')} again, or null`] }
  }
  return { ok: true, body: next }
}

function merged(
  current: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...current, ...changes }).filter(([, value]) => value !== null && value !== undefined))
}

function placeOf(url: unknown): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : null
  return parsed === null ? '' : `${parsed.protocol}//${parsed.host}`
}

function wrongPairs(source: Source): string[] {
  if (source.kind === 'postgres') return []
  const { config, secrets } = source
  return [
    ...(secrets.password !== undefined && config.username === undefined ? ['a password needs config.username'] : []),
    ...(config.username !== undefined && secrets.bearer_token !== undefined ? ['a bearer_token can’t stand beside config.username'] : []),
    ...((secrets.tls_key === undefined) === (config.tls?.cert === undefined) ? [] : ['tls_key and config.tls.cert go together']),
  ]
}

/** Types of monitors that each kind evaluates, built-in sources included. */
export const typesOfSource = {
  intake: [
    'metric alert',
    'query alert',
    'service check',
    'process alert',
    'event alert',
    'slo alert',
    'heartbeat alert',
    ...datadogTypes.filter(isEventLike),
  ],
  http: ['http alert'],
  composite: ['composite'],
  prometheus: ['metric alert', 'query alert', 'promql alert'],
  postgres: ['sql alert'],
  loki: ['log alert'],
} as const satisfies Readonly<Record<string, readonly MonitorType[]>>

export const builtInSources = ['intake', 'http', 'composite'] as const
type BuiltIn = (typeof builtInSources)[number]

export function isBuiltIn(name: string): name is BuiltIn {
  return builtInSources.some((builtIn) => builtIn === name)
}

/** The source that a definition names, by its option or by the tag `datasource:NAME`; null = it leaves that to the engine. */
export function namedSource(datasource: string | null | undefined, tags: readonly string[]): string | null {
  const tag = tags.find((text) => text.startsWith(tagPrefix))
  return datasource ?? tag?.slice(tagPrefix.length) ?? null
}

const tagPrefix = 'datasource:'
