/**
 * The TriggerDetails port: what the intake and other monitors know of what triggered, as of each transition's slot. Composites are told as
 * their members are now: how they were isn't kept. Monitors of other sources have no details. Never rejects.
 * Read next: intake/details-sql.ts, core/message/details.ts.
 */
import type { NotificationSubject, TriggerDetails } from '../../activities/notification-ports.ts'
import type { SourceDirectory } from '../../activities/ports.ts'
import { withAnswers } from '../../activities/rule-ports.ts'
import { annotationContext, type MessageContext } from '../../core/message/context.ts'
import { type EntryDetails, entryNames, type MemberDetails, memberNames } from '../../core/message/details.ts'
import { parseGroupKey } from '../../core/monitor/group.ts'
import { isWorse } from '../../core/monitor/overall.ts'
import { compileSpec } from '../../core/monitor/spec.ts'
import type { Status } from '../../core/monitor/spec-types.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { answeredAlert } from '../../core/prometheus-template/answered.ts'
import type { QueryAnswer } from '../../core/prometheus-template/expand.ts'
import { alertRenderer } from '../../core/prometheus-template/rule.ts'
import { membersOf } from '../../core/query/composite-language.ts'
import { queryFacts } from '../../core/query/facts.ts'
import type { Query } from '../../core/query/nodes.ts'
import { parseQuery } from '../../core/query/parse.ts'
import { readVariables } from '../../core/query/variables.ts'
import type { Pool } from '../postgres/pool.ts'
import { groupValues } from '../postgres/queries/states.ts'
import { checkMessagesSql, entriesSql, type Searched } from './intake/details-sql.ts'
import { ask } from './intake/failure.ts'
import { templateQueries } from './template-query.ts'

export type DetailsOptions = Readonly<{
  pool: Pool
  find: SourceDirectory['find']
  /** Somebody's page would wait for it, but for the answer that there is none: said to the operator. */
  failed: (monitorId: number, reason: string) => void
}>

/** A page isn't held up for what only adorns it. */
const timeoutMs = 2_000
/** Groups of a member that are looked through for the one that a composite's group is about. */
const memberGroupsMax = 1_000

export function triggerDetails({ pool, find, failed }: DetailsOptions): TriggerDetails {
  return {
    of: async (subject, transitions) => {
      try {
        return await detailsOf(pool, find, subject, transitions)
      } catch (error) {
        failed(subject.monitorId, error instanceof Error ? error.message : String(error))
        return transitions.map(() => ({}))
      }
    },
  }
}

async function detailsOf(
  pool: Pool,
  find: SourceDirectory['find'],
  subject: NotificationSubject,
  transitions: readonly Transition[],
): Promise<readonly MessageContext[]> {
  if (subject.type === 'promql alert') return annotationsAt(find, subject, transitions)
  const parsed = parseQuery(subject.type, subject.query)
  if (!parsed.ok) return []
  const { query } = parsed
  if (query.kind === 'composite') return membersAt(pool, membersOf(query.of), transitions)
  const { datasource } = subject.options
  const found = await find({ type: subject.type, tags: subject.tags, datasource: typeof datasource === 'string' ? datasource : null })
  if (!('name' in found) || found.name !== 'intake') return []
  const times = timesOf(subject, transitions)
  if (query.kind === 'check') {
    const windowMs = queryFacts(subject.type, subject.query)?.windowMs ?? 0
    const rows = await ask<{ n: number; message: string }>(pool, checkMessagesSql(query, times, windowMs), timeoutMs)
    return placed(rows, transitions, ({ message }) => ({ check_message: message }))
  }
  const searched = searchedBy(query, subject)
  if (searched === null) return []
  const rows = await ask<EntryDetails & { n: number }>(pool, entriesSql(searched, times), timeoutMs)
  return placed(rows, transitions, (entry) => entryNames(searched.table === 'logs' ? 'log' : 'event', { ...entry, at: Number(entry.at) }))
}

/** Only where a template asks something: the others are rendered without. */
async function annotationsAt(
  find: SourceDirectory['find'],
  subject: NotificationSubject,
  transitions: readonly Transition[],
): Promise<MessageContext[]> {
  const render = alertRenderer(subject)
  const ask = templateQueries(find)
  const spec = compileSpec({ ...subject, draftStatus: 'published' }, null)
  const found: MessageContext[] = []
  // Equal questions of a slot are asked once, and not more of them than a rule may.
  const bySlot = new Map<number, Map<string, QueryAnswer>>()
  for (const { group, value, slot } of transitions) {
    const answers = bySlot.get(slot) ?? new Map<string, QueryAnswer>()
    bySlot.set(slot, answers)
    const rendering = answeredAlert((given) => render(group, value, given), answers)
    const alert = await withAnswers(rendering, (query) => ask(spec, query, slot))
    found.push(answers.size > 0 ? annotationContext(alert) : {})
  }
  return found
}

function placed<Row extends Readonly<{ n: number }>>(
  rows: readonly Row[],
  transitions: readonly Transition[],
  namesOf: (row: Row) => MessageContext,
): MessageContext[] {
  const byPlace = new Map(rows.map((row) => [row.n, row]))
  return transitions.map((_, n) => {
    const row = byPlace.get(n)
    return row === undefined ? {} : namesOf(row)
  })
}

/** As of when each transition was decided, and of which group. */
function timesOf({ options }: NotificationSubject, transitions: readonly Transition[]) {
  const delayMs = typeof options.evaluation_delay === 'number' ? options.evaluation_delay * 1_000 : 0
  return transitions.map(({ slot, group }) => ({ atMs: slot - delayMs, tags: parseGroupKey(group) }))
}

/** What a query looks for among logs or events; of a formula, what its first variable does. */
function searchedBy(query: Query, { options }: NotificationSubject): Searched | null {
  if (query.kind === 'event') return searchedIn(query.source, query.search, query.windowMs)
  if (query.kind !== 'formula') return null
  const { variables } = readVariables(Array.isArray(options.variables) ? options.variables : undefined)
  const first = variables.find((variable) => variable.kind === 'event')
  return first === undefined ? null : searchedIn(first.dataSource, first.search, query.windowMs)
}

function searchedIn(source: string, search: Searched['search'], windowMs: number): Searched | null {
  return source === 'logs' || source === 'events' ? { table: source, search, windowMs } : null
}

async function membersAt(pool: Pool, ids: readonly number[], transitions: readonly Transition[]): Promise<MessageContext[]> {
  const rows = await groupValues(pool, ids, memberGroupsMax)
  return transitions.map(({ group }) => {
    const tags = parseGroupKey(group)
    return memberNames(
      ids.map((id) =>
        memberAt(
          rows.filter((row) => row.monitorId === id),
          tags,
        ),
      ),
    )
  })
}

type GroupRow = Readonly<{ group: string; status: Status; value: number | null }>

/** The worst of a member's groups that have the tags of the composite's group, as the composite counts it. */
function memberAt(rows: readonly GroupRow[], tags: Readonly<Record<string, string>>): MemberDetails {
  let worst: MemberDetails | null = null
  for (const { group, status, value } of rows) {
    const own = parseGroupKey(group)
    const same = Object.entries(tags).every(([key, text]) => !Object.hasOwn(own, key) || own[key] === text)
    if (same && (worst === null || isWorse(status, worst.status))) worst = { status, value }
  }
  return worst ?? { status: 'No Data', value: null }
}
