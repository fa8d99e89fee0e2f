/** What became of a monitor: pages of its transitions, evaluations, deliveries and audit events, newest first. Read next: monitor.ts. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { nothing, request } from '../http/client.ts'
import { type DeliverySearch, keys } from './keys.ts'

const next = z.nullable(z.string())

const transition = z.object({
  sequence: z.number(),
  group: z.string(),
  from: z.string(),
  to: z.string(),
  at: z.string(),
  committed_at: z.string(),
  value: z.nullable(z.number()),
  threshold: z.nullable(z.number()),
  reason: z.string(),
  version: z.number(),
  notify: z.looseObject({ send: z.boolean(), reason: z.string() }),
})

const evaluation = z.object({
  slot: z.number(),
  at: z.string(),
  outcome: z.string(),
  reason: z.nullable(z.string()),
  version: z.number(),
  min: z.nullable(z.number()),
  max: z.nullable(z.number()),
  groups: z.number(),
  duration_ms: z.number(),
  query: z.nullable(z.string()),
  as_of: z.nullable(z.string()),
})

const delivery = z.object({
  id: z.number(),
  monitor_id: z.number(),
  receiver: z.string(),
  status: z.enum(['pending', 'retrying', 'delivered', 'dead', 'merged']),
  title: z.string(),
  attempts: z.number(),
  detail: z.nullable(z.string()),
  latency_ms: z.nullable(z.number()),
  created_at: z.string(),
  finished_at: z.nullable(z.string()),
  next_attempt_at: z.nullable(z.string()),
})
export type Delivery = z.output<typeof delivery>

const audit = z.object({
  id: z.number(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditEvent = z.output<typeof audit>

const pageSize = 100

type PageOf<Row> = Readonly<{ rows: readonly Row[]; next: string | null }>

/** `read` takes the rows out of the answer. */
function pagesQuery<Shape extends z.ZodMiniType, Row>(
  key: readonly unknown[],
  address: string,
  query: Readonly<Record<string, number | string | undefined>>,
  shape: Shape,
  read: (answer: z.output<Shape>) => PageOf<Row>,
) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: async ({ pageParam, signal }) =>
      read(await request(shape, 'GET', address, { query: { ...query, limit: pageSize, before: pageParam ?? undefined }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page: PageOf<Row>) => page.next,
  })
}
const firstPage: string | null = null

export const transitionsQuery = (id: number) =>
  pagesQuery(
    keys.monitor(id, 'transitions'),
    `/api/v2/monitor/${id}/transitions`,
    {},
    z.object({ transitions: z.array(transition), next }),
    (answer) => ({ rows: answer.transitions, next: answer.next }),
  )

export const evaluationsQuery = (id: number) =>
  pagesQuery(
    keys.monitor(id, 'evaluations'),
    `/api/v2/monitor/${id}/evaluations`,
    {},
    z.object({ evaluations: z.array(evaluation), next }),
    (answer) => ({ rows: answer.evaluations, next: answer.next }),
  )

export const deliveriesQuery = (id: number) =>
  pagesQuery(
    keys.monitor(id, 'deliveries'),
    '/api/v2/deliveries',
    { monitor_id: id },
    z.object({ deliveries: z.array(delivery), next }),
    (answer) => ({ rows: answer.deliveries, next: answer.next }),
  )

/** Of all monitors. */
export const deliveryPagesQuery = (search: DeliverySearch) =>
  pagesQuery(
    keys.deliveryPages(search),
    '/api/v2/deliveries',
    Object.fromEntries(Object.entries(search).map(([name, text]) => [name, text === '' ? undefined : text])),
    z.object({ deliveries: z.array(delivery), next }),
    (answer) => ({ rows: answer.deliveries, next: answer.next }),
  )

export const auditQuery = (id: number) =>
  pagesQuery(keys.monitor(id, 'audit'), `/api/v2/monitor/${id}/audit`, {}, z.object({ audit: z.array(audit), next }), (answer) => ({
    rows: answer.audit,
    next: answer.next,
  }))

const detail = z.object({
  ...delivery.shape,
  body: z.nullable(z.string()),
  tries: z.array(
    z.looseObject({ at: z.string(), outcome: z.string(), detail: z.nullable(z.string()), latency_ms: z.nullable(z.number()) }),
  ),
})

/** With its text and each try. */
export const deliveryQuery = (id: number) =>
  queryOptions({
    queryKey: keys.delivery(id),
    queryFn: ({ signal }) => request(detail, 'GET', `/api/v2/deliveries/${id}`, { signal }),
  })

export const redriveDelivery = (id: number): Promise<unknown> => request(nothing, 'POST', `/api/v2/deliveries/${id}/redrive`, { body: {} })

/** Those of them that are dead. */
export const redriveDeliveries = (ids: readonly number[]) =>
  request(z.object({ count: z.number() }), 'POST', '/api/v2/deliveries/redrive', { body: { ids } })

export const redriveOfMonitor = (monitorId: number): Promise<unknown> =>
  request(nothing, 'POST', '/api/v2/deliveries/redrive', { body: { monitor_id: monitorId } })
