import { z } from 'zod'

/** What proxies and servers take as a request line. */
const urlCharsMax = 2_048
/** A chain of certificates. */
const pemCharsMax = 32_768
const headersMax = 20

/** Of an HTTP source: where its API begins, without the API's own path. */
const httpUrl = z
  .string()
  .max(urlCharsMax)
  .superRefine((text, context) => {
    const url = URL.parse(text)
    const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
    if (url === null || !isHttp)
      context.addIssue({ code: 'custom', message: 'expected an address, as https://prometheus.example.com:9090' })
    else if (url.username !== '' || url.password !== '')
      context.addIssue({ code: 'custom', message: 'a user belongs into config.username, a password into secrets.password' })
    else if (url.search !== '' || url.hash !== '') context.addIssue({ code: 'custom', message: 'an address without parameters' })
  })

export const postgresUrl = z
  .string()
  .max(urlCharsMax)
  .superRefine((text, context) => {
    const url = URL.parse(text)
    const isPostgres = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:'
    if (url === null || !isPostgres || url.hostname === '' || url.username === '' || url.pathname.length < 2)
      context.addIssue({ code: 'custom', message: 'expected an address, as postgresql://user@db.example.com:5432/database' })
    else if (url.password !== '') context.addIssue({ code: 'custom', message: 'a password belongs into secrets.password' })
    else if (url.search !== '') context.addIssue({ code: 'custom', message: 'an address without parameters: TLS is config.ssl' })
  })

/** PEM. */
export const tlsText = z
  .string()
  .max(pemCharsMax)
  .regex(/^\s*-----BEGIN /, 'expected PEM, which begins with -----BEGIN')

const tls = z.strictObject({ ca: tlsText.optional(), cert: tlsText.optional(), server_name: z.string().max(253).optional() })

export const httpConfig = {
  url: httpUrl,
  /** Sent as X-Scope-OrgID: Mimir, Loki and Cortex tell tenants apart by it. */
  tenant: z
    .string()
    .regex(/^[\x21-\x7e]{1,150}$/, 'expected up to 150 printable characters without blanks')
    .optional(),
  username: z.string().min(1).max(255).optional(),
  tls: tls.optional(),
} as const

const header = z.string().regex(/^[\t\x20-\x7e]{0,4096}$/, 'expected printable characters')

export const httpSecrets = z
  .strictObject({
    password: z.string().min(1).max(1_000).optional(),
    bearer_token: z
      .string()
      .regex(/^[\x21-\x7e]{1,8192}$/, 'expected printable characters without blanks')
      .optional(),
    /** Sent with each request. */
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'expected the name of a header'), header)
      .refine((headers) => Object.keys(headers).length <= headersMax, `at most ${headersMax} headers`)
      .optional(),
    tls_key: tlsText.optional(),
  })
  .default({})

/** How metric names are written to Prometheus: `underscores` writes `a.b` as `a_b`, `exact` leaves them (UTF-8 names). */
export const prometheusNames = z.enum(['underscores', 'exact'], 'expected underscores or exact').default('underscores')

/** Of the targets of a Prometheus, in seconds: rates are taken over four of them at least. */
export const scrapeInterval = z.number().min(1).max(3_600).default(15)

const labelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, 'expected the name of a label')

export const lokiConfig = {
  /** What every query of this source begins with: which streams are looked at. */
  selector: z
    .string()
    .max(1_000)
    .regex(/^\{[^{}]+\}$/, 'expected a selector of streams, as {app=~".+"}')
    .default('{service_name=~".+"}'),
  /** Labels that tell streams apart: what is asked of them narrows the streams, instead of filtering every line. */
  stream_labels: z.array(labelName).max(50).default(['service_name']),
  /** Tags of searches that are labels of another name. Others are labels of their own name, dots as underscores. */
  labels: z.record(z.string().max(200), labelName).default({ service: 'service_name', status: 'detected_level' }),
} as const

/** TLS to PostgreSQL: none, encrypted without a look at the certificate, or with name and chain checked. */
export const ssl = z.enum(['disable', 'require', 'verify-full'], 'expected disable, require or verify-full').default('verify-full')

/** How politely a source is asked, by each worker. */
export const limits = z
  .strictObject({
    /** Of one query. An evaluation has eight seconds in all. */
    timeout_s: z.number().min(0.1).max(60).default(8),
    /** Queries at once: a Prometheus runs twenty, and others ask it, too. */
    concurrency: z.int().min(1).max(200).default(10),
    /** Queries that wait for their turn; further ones fail at once. */
    queue: z.int().min(0).max(10_000).default(1_000),
    /** Failures in a row after which it isn't asked any more … */
    failures: z.int().min(1).max(1_000).default(5),
    /** … for so long; then one query tries. */
    pause_s: z.number().min(0.1).max(600).default(15),
  })
  .prefault({})
export type SourceLimits = z.output<typeof limits>
