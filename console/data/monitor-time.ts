/** A monitor over a time: its query drawn, the statuses of its groups, and how each group is now. Read next: monitor.ts. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { request } from '../http/client.ts'
import { keys } from './keys.ts'

/** Epoch ms. `name` tells ranges apart; one that moves along with now is another each time it is asked for. */
export type Span = Readonly<{ name: string; spanNow: () => Readonly<{ fromMs: number; toMs: number }> }>

const drawing = z.object({
  from: z.string(),
  to: z.string(),
  start: z.number(),
  step_s: z.number(),
  points: z.number(),
  groups: z.array(z.object({ group: z.string(), values: z.array(z.nullable(z.number())), last: z.nullable(z.number()) })),
  groups_left_out: z.number(),
  comparator: z.string(),
  thresholds: z.object({
    critical: z.nullable(z.number()),
    warning: z.nullable(z.number()),
    critical_recovery: z.nullable(z.number()),
    warning_recovery: z.nullable(z.number()),
  }),
  values: z.enum(['numbers', 'levels']),
  unit: z.nullable(z.string()),
  source: z.string(),
  notes: z.array(z.string()),
  took_ms: z.number(),
})
export type Drawn = z.output<typeof drawing>

/** Once a time like this the lines go on: their source is asked for all of them. */
const drawnAgainMs = 15_000

/** `group`: only this one; null = those that are nearest to an alert. */
export const drawnQuery = (id: number, span: Span, live: boolean, group: string | null) =>
  queryOptions({
    queryKey: keys.drawing(id, span.name, group),
    queryFn: ({ signal }) => {
      const { fromMs, toMs } = span.spanNow()
      const times = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }
      const body = { monitor_id: id, ...times, ...(group === null ? {} : { groups: [group] }) }
      return request(drawing, 'POST', '/api/v2/monitor/draw', { body, signal })
    },
    refetchInterval: live ? drawnAgainMs : false,
    placeholderData: keepPreviousData,
    retry: false,
  })

const segment = z.object({
  from: z.string(),
  to: z.string(),
  status: z.string(),
  reason: z.nullable(z.string()),
  value: z.nullable(z.number()),
})
export type Segment = z.output<typeof segment>

const strip = z.object({ group: z.string(), status: z.nullable(z.string()), cut: z.boolean(), segments: z.array(segment) })
export type Strip = z.output<typeof strip>

const held = z.object({ id: z.string(), scope: z.string(), message: z.nullable(z.string()), from: z.string(), to: z.nullable(z.string()) })
export type Held = z.output<typeof held>

const history = z.object({
  from: z.string(),
  to: z.string(),
  groups: z.array(strip),
  downtimes: z.array(held),
  next: z.nullable(z.string()),
})

/** Groups of one answer. */
const stripsPerPage = 200
/** Pieces that hold on become longer by themselves. */
const stripsAgainMs = 30_000

export const stripsQuery = (id: number, span: Span, live: boolean) =>
  infiniteQueryOptions({
    queryKey: keys.monitor(id, 'strips', span.name),
    queryFn: ({ pageParam, signal }) => {
      const { fromMs, toMs } = span.spanNow()
      const query = { from: Math.round(fromMs), to: Math.round(toMs), after: pageParam, limit: stripsPerPage }
      return request(history, 'GET', `/api/v2/monitor/${id}/history`, { query, signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: live ? stripsAgainMs : false,
    placeholderData: keepPreviousData,
  })

const acknowledgment = z.object({ by: z.string(), until: z.nullable(z.string()), note: z.nullable(z.string()) })

const group = z.object({
  group: z.string(),
  status: z.string(),
  since: z.nullable(z.string()),
  value: z.nullable(z.number()),
  last_triggered_at: z.nullable(z.string()),
  told: z.boolean(),
  held: z.boolean(),
  acknowledged: z.nullable(acknowledgment),
})
export type Group = z.output<typeof group>
const groupsAnswer = z.object({ groups: z.array(group), next: z.nullable(z.string()) })

const groupsPerAnswer = 1_000
/** As many as a monitor can have; a table of more is none. */
const groupAnswersMax = 20

/** All of them: they are sorted and filtered here. */
export const groupsQuery = (id: number) =>
  queryOptions({
    queryKey: keys.monitor(id, 'groups'),
    queryFn: async ({ signal }) => {
      const groups: Group[] = []
      let after: string | null = ''
      for (let asked = 0; after !== null && asked < groupAnswersMax; asked += 1) {
        const query: Readonly<Record<string, string | number>> = { limit: groupsPerAnswer, after }
        const answer: z.output<typeof groupsAnswer> = await request(groupsAnswer, 'GET', `/api/v2/monitor/${id}/groups`, { query, signal })
        groups.push(...answer.groups)
        after = answer.next
      }
      return groups
    },
  })
