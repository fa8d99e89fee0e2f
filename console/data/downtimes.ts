/** Downtimes: those that are planned, when they hold, and one that is being planned. Read next: keys.ts, ../pages/downtimes/. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { nothing, request } from '../http/client.ts'
import { keys } from './keys.ts'

const once = z.object({ start: z.nullable(z.string()), end: z.nullable(z.string()) })
const again = z.object({
  timezone: z.string(),
  recurrences: z.array(z.object({ start: z.string(), duration: z.string(), rrule: z.string() })),
})

const downtime = z.object({
  id: z.string(),
  attributes: z.object({
    monitor_identifier: z.union([z.object({ monitor_id: z.number() }), z.object({ monitor_tags: z.array(z.string()) })]),
    scope: z.string(),
    schedule: z.union([again, once]),
    message: z.nullable(z.string()),
    mute_first_recovery_notification: z.boolean(),
    status: z.enum(['scheduled', 'active', 'ended', 'canceled']),
  }),
})
export type Downtime = z.output<typeof downtime>

/** As the API takes it. */
export type DowntimeAttributes = Readonly<Record<string, unknown>>

/** More than can be overseen; the API has them in pages. */
const listedMax = 1_000

export const downtimesQuery = queryOptions({
  queryKey: keys.downtimes('list'),
  queryFn: async ({ signal }) =>
    (await request(z.object({ data: z.array(downtime) }), 'GET', '/api/v2/downtime', { query: { 'page[limit]': listedMax }, signal })).data,
})

const occurrence = z.object({ start: z.string(), end: z.nullable(z.string()) })
const occurrences = z.object({ occurrences: z.array(z.extend(occurrence, { id: z.string() })), cut: z.boolean() })
export type Occurrence = z.output<typeof occurrences>['occurrences'][number]

/** Epoch ms. */
export const occurrencesQuery = (from: number, to: number) =>
  queryOptions({
    queryKey: keys.downtimes('occurrences', from, to),
    queryFn: ({ signal }) => request(occurrences, 'GET', '/api/v2/downtime/occurrences', { query: { from, to }, signal }),
    placeholderData: keepPreviousData,
  })

const bodyOf = (attributes: DowntimeAttributes) => ({ data: { type: 'downtime', attributes } })

/** The next times of one that isn't stored yet; rejects with what is wrong with it. */
export const downtimePreviewQuery = (attributes: DowntimeAttributes) =>
  queryOptions({
    queryKey: keys.downtimePreview(attributes),
    queryFn: async ({ signal }) =>
      (
        await request(z.object({ occurrences: z.array(occurrence) }), 'POST', '/api/v2/downtime/preview', {
          body: bodyOf(attributes),
          signal,
        })
      ).occurrences,
    retry: false,
  })

/** `id` null = a new one. */
export const saveDowntime = (id: string | null, attributes: DowntimeAttributes): Promise<unknown> =>
  id === null
    ? request(nothing, 'POST', '/api/v2/downtime', { body: bodyOf(attributes) })
    : request(nothing, 'PATCH', `/api/v2/downtime/${id}`, { body: bodyOf(attributes) })

export const cancelDowntime = (id: string): Promise<unknown> => request(nothing, 'DELETE', `/api/v2/downtime/${id}`)
