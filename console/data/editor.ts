/** What the page that makes monitors asks while somebody writes: checks, drawings, words, backtests, previews. Read next: ../pages/monitor-edit/. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { request } from '../http/client.ts'
import { keys } from './keys.ts'

/** A monitor as the API takes it, finished or not. */
export type Definition = Readonly<Record<string, unknown>>

const place = z.object({ offset: z.number(), line: z.number(), column: z.number(), length: z.number() })
const problem = z.object({ field: z.nullable(z.string()), message: z.string(), place: z.nullable(place) })
export type Problem = z.output<typeof problem>

const thresholds = z.object({
  critical: z.nullable(z.number()),
  warning: z.nullable(z.number()),
  critical_recovery: z.nullable(z.number()),
  warning_recovery: z.nullable(z.number()),
})

const checked = z.object({
  ok: z.boolean(),
  problems: z.array(problem),
  warnings: z.array(problem),
  reads: z.nullable(
    z.object({
      window_s: z.number(),
      interval_s: z.number(),
      group_by: z.nullable(z.array(z.string())),
      comparator: z.string(),
      thresholds,
      levels: z.boolean(),
    }),
  ),
})
export type Checked = z.output<typeof checked>

/** `id` null = it would be a new one. */
export const checkQuery = (definition: Definition, id: number | null) =>
  queryOptions({
    queryKey: keys.editor('check', id, definition),
    queryFn: ({ signal }) =>
      request(checked, 'POST', '/api/v2/monitor/check', {
        body: { monitor: definition, ...(id === null ? {} : { monitor_id: id }) },
        signal,
      }),
    placeholderData: keepPreviousData,
  })

const drawing = z.object({
  start: z.number(),
  step_s: z.number(),
  points: z.number(),
  groups: z.array(z.object({ group: z.string(), values: z.array(z.nullable(z.number())), last: z.nullable(z.number()) })),
  groups_left_out: z.number(),
  comparator: z.string(),
  thresholds,
  values: z.enum(['numbers', 'levels']),
  unit: z.nullable(z.string()),
  source: z.string(),
  notes: z.array(z.string()),
})
export type Drawing = z.output<typeof drawing>

/** Of the time up to now; what only says when it is bad isn't part of what is asked. */
export const drawingQuery = (definition: Definition, hours: number) =>
  queryOptions({
    queryKey: keys.editor('draw', hours, definition),
    queryFn: ({ signal }) => {
      const to = Date.now() / 1_000
      return request(drawing, 'POST', '/api/v2/monitor/draw', { body: { monitor: definition, from: to - hours * 3_600, to }, signal })
    },
    placeholderData: keepPreviousData,
    retry: false,
  })

const report = z.object({
  summary: z.string(),
  notes: z.array(z.string()),
  interval_s: z.number(),
  overall_s: z.record(z.string(), z.number()),
  would_have: z.object({
    alerted: z.number(),
    warned: z.number(),
    gone_no_data: z.number(),
    recovered: z.number(),
    told: z.number(),
    episodes: z.array(
      z.object({
        group: z.string(),
        worst: z.string(),
        triggered_at: z.string(),
        recovered_at: z.nullable(z.string()),
        duration_s: z.number(),
      }),
    ),
    episodes_left_out: z.number(),
  }),
  notifications: z.array(z.object({ receiver: z.string(), known: z.boolean(), count: z.number() })),
  took_ms: z.number(),
})
export type Report = z.output<typeof report>

export const backtestQuery = (definition: Definition, hours: number) =>
  queryOptions({
    queryKey: keys.editor('backtest', hours, definition),
    queryFn: ({ signal }) => {
      const to = Date.now() / 1_000
      return request(report, 'POST', '/api/v2/monitor/backtest', { body: { monitor: definition, from: to - hours * 3_600, to }, signal })
    },
    placeholderData: keepPreviousData,
    retry: false,
  })

const words = z.object({ source: z.nullable(z.string()), words: z.array(z.string()), more: z.boolean(), note: z.nullable(z.string()) })

export type WordsAsk = Readonly<{
  type: string
  of: 'name' | 'key' | 'value'
  name?: string
  key?: string
  text: string
  datasource?: string
}>

export const wordsQuery = (ask: WordsAsk) =>
  queryOptions({
    queryKey: keys.editor('words', ask),
    queryFn: ({ signal }) => request(words, 'GET', '/api/v2/completion', { query: { ...ask, limit: 12 }, signal }),
    staleTime: 30_000,
    retry: false,
  })

const previewed = z.object({
  notifications: z.array(
    z.object({
      transition: z.string(),
      from: z.string(),
      to: z.string(),
      told: z.boolean(),
      not_told_because: z.nullable(z.string()),
      title: z.string(),
      body: z.string(),
      receivers: z.array(z.object({ name: z.string(), known: z.boolean() })),
    }),
  ),
})
export type Previewed = z.output<typeof previewed>['notifications'][number]

export const previewQuery = (definition: Definition) =>
  queryOptions({
    queryKey: keys.editor('preview', definition),
    queryFn: async ({ signal }) =>
      (await request(previewed, 'POST', '/api/v2/monitor/preview-notification', { body: { monitor: definition, markup: 'plain' }, signal }))
        .notifications,
    placeholderData: keepPreviousData,
    retry: false,
  })

const receivers = z.object({ receivers: z.array(z.object({ name: z.string(), kind: z.string() })) })

/** Whom a message can name. */
export const handlesQuery = queryOptions({
  queryKey: keys.handles,
  queryFn: async ({ signal }) => (await request(receivers, 'GET', '/api/v2/receivers', { signal })).receivers,
})

const stored = z.looseObject({ id: z.number(), name: z.string(), type: z.string() })

export const definitionQuery = (id: number) =>
  queryOptions({
    queryKey: keys.definition(id),
    queryFn: ({ signal }) => request(stored, 'GET', `/api/v1/monitor/${id}`, { query: { with_assets: true }, signal }),
  })

/** null = a new one. */
export const saveMonitor = (definition: Definition, id: number | null): Promise<z.output<typeof stored>> =>
  id === null
    ? request(stored, 'POST', '/api/v1/monitor', { body: definition })
    : request(stored, 'PUT', `/api/v1/monitor/${id}`, { body: definition })
