/**
 * The shape of a scenario file, part by part: names, notations, bounds. What the parts mean together is scenario.ts.
 * Never reads files and never runs a scenario. Read next: scenario.ts, docs/scenarios.md.
 */
import { z } from 'zod'
import { groupKey, parseGroupKey } from '../core/monitor/group.ts'
import { parseSeries, slotsMax } from '../core/scenario/series.ts'
import { parseTransitionLine } from '../core/scenario/transition-line.ts'
import { type ExpectedTransition, isStatus, type SlotReading, statusNames } from '../core/scenario/types.ts'
import { nameCharsMax, scopeCharsMax } from './bounds.ts'
import { causeShape } from './scenario-causes.ts'
import { downtimeShape } from './scenario-downtimes.ts'
import { moment, momentOf, time } from './scenario-moment.ts'

/** Scenarios of one file: what one person reads. */
const scenariosMax = 1_000
/** Groups of one scenario: limits can be lowered by `groups_max`, so that nobody has to write more. */
const groupsPerScenarioMax = 1_000
/** What somebody does in one scenario, and what comes of it. */
const actionsMax = 1_000
const expectationsMax = 10_000

/** A group as it is stored: its tags in the order of their keys. */
const canonicalGroup = (text: string): string => groupKey(parseGroupKey(text.trim()))

const slotNumber = z.int().min(0).max(slotsMax)
const group = z.string().min(1).max(scopeCharsMax).transform(canonicalGroup)

const status = z.string().transform((text, context) => {
  if (isStatus(text)) return text
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(text.slice(0, nameCharsMax))} is no status: expected one of ${statusNames.join(', ')}`,
  })
  return z.NEVER
})

/** `10x3 95 _x2`; a lone number is one slot. */
const series = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().transform((text, context) => {
    const parsed = parseSeries(text)
    if (parsed.ok) return parsed.values
    context.addIssue({ code: 'custom', message: parsed.message })
    return z.NEVER
  }),
)

/** A monitor without groups needs no group name: its values stand alone. */
const perGroup = (value: unknown): unknown => (typeof value === 'string' || typeof value === 'number' ? { '*': value } : value)

const seriesByGroup = z.preprocess(
  perGroup,
  z
    .record(z.string().min(1).max(scopeCharsMax), series)
    .refine((groups) => Object.keys(groups).length <= groupsPerScenarioMax, `at most ${groupsPerScenarioMax} groups`),
)

const reason = z.string().min(1).max(nameCharsMax)
const reading = z.unknown().transform((value, context): SlotReading => {
  if (value === 'missing') return { kind: 'values', values: {}, partial: [] }
  const parsed = readings.safeParse(perGroup(value))
  if (!parsed.success) {
    for (const issue of parsed.error.issues) context.addIssue({ code: 'custom', message: readingMessage, path: [...issue.path] })
    return z.NEVER
  }
  const { failed, skipped, ...values } = parsed.data
  if (typeof failed === 'string') return { kind: 'failed', reason: failed }
  if (typeof skipped === 'string') return { kind: 'skipped', reason: skipped }
  const found = Object.entries(values).flatMap(([key, number]) =>
    typeof number === 'number' ? [[canonicalGroup(key), number] as const] : [],
  )
  const partial = Object.keys(values).filter((key) => isPartial(values[key]))
  return { kind: 'values', values: Object.fromEntries(found), partial: partial.map(canonicalGroup).sort() }
})
const readingMessage =
  'expected values by group like { host:a: 95, host:b: _, host:c: ~95 }, or missing, or { failed: REASON }, or { skipped: REASON }'
const readings = z
  .object({ failed: reason.optional(), skipped: reason.optional() })
  .catchall(z.union([z.number(), z.literal('_'), z.null(), z.string().refine(isPartial)]))
  .refine((said) => (said.failed === undefined && said.skipped === undefined) || Object.keys(said).length === 1)

/** `~95`: there is data, and its window isn't full. */
function isPartial(value: unknown): boolean {
  if (typeof value !== 'string') return false
  const parsed = parseSeries(value)
  return parsed.ok && parsed.values.length === 1 && parsed.values[0] === 'partial'
}

/** `3`, or `3-5` for all of them. */
export type SlotRange = Readonly<{ first: number; last: number }>

export function parseRange(text: string): SlotRange | null {
  const [, first, last] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text.trim()) ?? []
  const range = { first: Number(first), last: Number(last ?? first) }
  return first === undefined || range.last < range.first || range.last >= slotsMax ? null : range
}

const rangeMessage = 'expected the number of a slot (3), or a range of them (3-5)'
const range = z.union([z.string(), z.number()], rangeMessage).transform((value, context) => {
  const found = parseRange(String(value))
  if (found !== null) return found
  context.addIssue({ code: 'custom', message: rangeMessage })
  return z.NEVER
})

/** A group, some of them, or `*` for all. */
const groups = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(group).min(1).max(groupsPerScenarioMax))

const deeds = ['edit', 'mute', 'unmute', 'resolve', 'ack', 'unack', 'pause', 'resume'] as const
const action = z
  .strictObject({
    /** It happens halfway between this slot and the next. */
    after: slotNumber,
    /** Laid over the monitor: null removes a field. */
    edit: z.record(z.string(), z.unknown()).optional(),
    /** A scope: `*`, or tags like host:a. */
    mute: z.string().min(1).max(scopeCharsMax).optional(),
    until: moment.optional(),
    /** A scope, or `all`. */
    unmute: z.string().min(1).max(scopeCharsMax).optional(),
    resolve: groups.optional(),
    ack: groups.optional(),
    by: z.string().min(1).max(nameCharsMax).optional(),
    note: z.string().min(1).max(nameCharsMax).optional(),
    unack: groups.optional(),
    pause: z.literal(true).optional(),
    resume: z.literal(true).optional(),
  })
  .superRefine((said, context) => {
    const found = deeds.filter((deed) => said[deed] !== undefined)
    if (found.length !== 1) context.addIssue({ code: 'custom', message: `expected exactly one of ${deeds.join(', ')}` })
    if (said.until !== undefined && said.mute === undefined && said.ack === undefined)
      context.addIssue({ code: 'custom', message: 'until belongs to mute or ack', path: ['until'] })
    for (const name of ['by', 'note'] as const)
      if (said[name] !== undefined && said.ack === undefined)
        context.addIssue({ code: 'custom', message: `${name} belongs to ack`, path: [name] })
  })

const expectedObject = z.strictObject({
  at: moment,
  group: group.default('*'),
  from: status,
  to: status,
  reason: reason.optional(),
  value: z.number().optional(),
  /** The reason for which somebody is told; `true` where the reason doesn't matter. */
  told: z.union([reason, z.literal(true)]).optional(),
  not_told: z.union([reason, z.literal(true)]).optional(),
})

const expected = z.unknown().transform((value, context): ExpectedTransition => {
  if (typeof value === 'string') {
    const line = parseTransitionLine(value, momentOf)
    if (line.ok) return { ...line.transition, group: canonicalGroup(line.transition.group) }
    context.addIssue({ code: 'custom', message: line.message })
    return z.NEVER
  }
  const parsed = expectedObject.safeParse(value)
  if (parsed.success) return transitionOf(parsed.data)
  for (const issue of parsed.error.issues) context.addIssue({ code: 'custom', message: issue.message, path: [...issue.path] })
  return z.NEVER
})

function transitionOf(said: z.infer<typeof expectedObject>): ExpectedTransition {
  const { at, from, to, told, not_told } = said
  const why = told ?? not_told
  const notify = why === undefined ? null : { send: told !== undefined, reason: why === true ? null : why }
  return { at, group: said.group, from, to, reason: said.reason ?? null, value: said.value ?? null, notify }
}

const health = z.preprocess(
  (value) => (typeof value === 'string' ? { [value]: true } : value),
  z.union(
    [
      z.strictObject({ healthy: z.literal(true) }).transform(() => ({ kind: 'healthy', reason: null, refused: null }) as const),
      z
        .strictObject({ failing: z.union([reason, z.literal(true)]) })
        .transform(({ failing }) => ({ kind: 'failing', reason: failing === true ? null : failing, refused: null }) as const),
      z
        .strictObject({ 'groups-refused': z.union([z.int().min(1), z.literal(true)]) })
        .transform(
          (said) =>
            ({ kind: 'groups-refused', reason: null, refused: said['groups-refused'] === true ? null : said['groups-refused'] }) as const,
        ),
    ],
    'expected healthy, failing, { failing: REASON }, groups-refused or { groups-refused: NUMBER }',
  ),
)

const end = z.strictObject({
  overall: status.optional(),
  groups: z
    .record(z.string(), status)
    .transform((statuses) => Object.fromEntries(Object.entries(statuses).map(([key, found]) => [canonicalGroup(key), found])))
    .optional(),
  health: health.optional(),
})

const monitor = z.record(z.string(), z.unknown())

export const scenarioShape = z.strictObject({
  name: z.string().trim().min(1).max(nameCharsMax),
  /** For readers. */
  description: z.string().optional(),
  monitor: monitor.default({}),
  start: time.optional(),
  groups_max: z.int().min(1).max(groupsPerScenarioMax).optional(),
  series: seriesByGroup.optional(),
  slots: z.record(z.string(), reading).optional(),
  /** Times of the slots, where the monitor has a schedule of its own. */
  times: z.array(time, 'expected a list of times like 2026-01-01T09:00:00Z').min(1).max(slotsMax).optional(),
  engine_down: z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : [value]),
    z.array(range).max(actionsMax).optional(),
  ),
  downtimes: z.array(downtimeShape, 'expected a list of downtimes').max(actionsMax).default([]),
  causes: z.array(causeShape, 'expected a list of groups of other monitors').max(actionsMax).default([]),
  actions: z.array(action).max(actionsMax).default([]),
  expect: z.array(expected, 'expected a list of transitions; [] where none must come').max(expectationsMax),
  end: end.optional(),
})

/** Several scenarios, the first part of all of which may be said once. */
export const scenarioFileShape = z.strictObject({
  monitor: monitor.default({}),
  start: time.optional(),
  scenarios: z.array(z.unknown()).min(1).max(scenariosMax),
})

/** Where in the scenario, and what is wrong there. */
export type Report = (place: readonly (string | number)[], message: string) => void

export type ScenarioText = z.output<typeof scenarioShape>
export type ActionText = ScenarioText['actions'][number]
