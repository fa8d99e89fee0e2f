/** Every kind of source as people fill it in. Never checks a value: source.ts does. Read next: field-table.ts, source.ts. */
import { choice, type FieldEntry, type FieldTable, field, json, list, number, paragraph, secret, text } from './field-table.ts'
import type { SourceKind } from './source.ts'

export type SourceEntry = Readonly<{ title: string; about: string; fields: FieldTable; secrets: FieldTable }>

const limits: FieldTable = {
  'limits.timeout_s': field(number('seconds'), { label: 'Time to answer', meaning: 'Of one question.', standard: '8' }),
  'limits.concurrency': field(number(), { label: 'Questions at once', meaning: 'Of each worker.', standard: '10' }),
  'limits.queue': field(number(), { label: 'Questions that wait', meaning: 'Further ones fail at once.', standard: '1000' }),
  'limits.failures': field(number(), { label: 'Failures in a row', meaning: 'Then it isn’t asked for a while.', standard: '5' }),
  'limits.pause_s': field(number('seconds'), { label: 'Pause after them', meaning: 'Then one question tries.', standard: '15' }),
}
const pem = '-----BEGIN CERTIFICATE-----'
const ca = field(paragraph(pem), {
  label: 'Certificate authority',
  meaning: 'PEM of who signed its certificate, where it is nobody well-known.',
})
const password = field(secret(), { label: 'Password', meaning: 'Goes with the user.' })
const address = (example: string): FieldEntry =>
  field(text(example), { label: 'Address', meaning: 'Without a password in it.', needed: true })
const http: FieldTable = {
  tenant: field(text('shop'), { label: 'Tenant', meaning: 'Sent as X-Scope-OrgID.' }),
  username: field(text('tocsin'), { label: 'User', meaning: 'With a password.' }),
  'tls.ca': ca,
  'tls.cert': field(paragraph(pem), { label: 'Own certificate', meaning: 'PEM; it goes with its key.' }),
  'tls.server_name': field(text('prometheus.example.com'), {
    label: 'Name in its certificate',
    meaning: 'Where it isn’t the one in the address.',
  }),
}
const httpSecrets: FieldTable = {
  password,
  bearer_token: field(secret(), { label: 'Bearer token', meaning: 'In place of user and password.' }),
  headers: field({ is: 'secret-json', example: '{"x-team": "ops"}' }, { label: 'Headers', meaning: 'Sent with each question.' }),
  tls_key: field(
    { is: 'secret-paragraph', example: '-----BEGIN PRIVATE KEY-----' },
    { label: 'Key of the own certificate', meaning: 'PEM.' },
  ),
}

export const sourceTable: Readonly<Record<SourceKind, SourceEntry>> = {
  prometheus: {
    title: 'Prometheus',
    about: 'Metrics and PromQL: also Mimir, Thanos, VictoriaMetrics.',
    fields: {
      url: address('https://prometheus.example.com:9090'),
      names: field(choice('underscores', 'exact'), {
        label: 'Names of metrics',
        meaning: 'underscores asks for a.b as a_b.',
        standard: 'underscores',
      }),
      scrape_interval_s: field(number('seconds'), {
        label: 'Scraped every',
        meaning: 'Rates are taken over four of them at least.',
        standard: '15',
      }),
      ...http,
      ...limits,
    },
    secrets: httpSecrets,
  },
  loki: {
    title: 'Loki',
    about: 'Searches over logs.',
    fields: {
      url: address('https://loki.example.com:3100'),
      selector: field(text('{app=~".+"}'), {
        label: 'Streams',
        meaning: 'What every query begins with.',
        standard: '{service_name=~".+"}',
      }),
      stream_labels: field(list('service_name'), {
        label: 'Labels of streams',
        meaning: 'What is asked of them narrows the streams, instead of filtering every line.',
        standard: 'service_name',
      }),
      labels: field(json('{"service": "service_name"}'), {
        label: 'Tags as labels',
        meaning: 'Tags of searches whose labels have another name.',
        standard: 'service is service_name, status is detected_level',
      }),
      ...http,
      ...limits,
    },
    secrets: httpSecrets,
  },
  postgres: {
    title: 'PostgreSQL',
    about: 'SQL that only reads.',
    fields: {
      url: address('postgresql://user@db.example.com:5432/database'),
      ssl: field(choice('disable', 'require', 'verify-full'), {
        label: 'Encryption',
        meaning: 'require doesn’t look at the certificate.',
        standard: 'verify-full',
      }),
      ca,
      ...limits,
    },
    secrets: { password },
  },
}
