/** Which groups a table shows, and in which order. Pure. */
import type { Group } from '../../data/monitor-time.ts'

/** `sort`: a column, with `,desc` the other way round. `only`: a status; empty = any. */
export type GroupChoice = Readonly<{ text: string; only: string; sort: string }>

const rank: Readonly<Record<string, number>> = { Alert: 0, Warn: 1, 'No Data': 2, OK: 4 }
const otherRank = 3

export function groupsShown(groups: readonly Group[], { text, only, sort }: GroupChoice): readonly Group[] {
  const words = text.toLowerCase().split(/\s+/)
  const found = groups.filter(
    ({ group, status }) => (only === '' || status === only) && words.every((word) => group.toLowerCase().includes(word)),
  )
  const [column = '', direction = ''] = sort.split(',')
  const compare = orders[column] ?? byStatus
  const sign = direction === 'desc' ? -1 : 1
  return found.sort((one, other) => sign * compare(one, other) || one.group.localeCompare(other.group))
}

type Compare = (one: Group, other: Group) => number

const byStatus: Compare = (one, other) => (rank[one.status] ?? otherRank) - (rank[other.status] ?? otherRank)

const orders: Readonly<Record<string, Compare>> = {
  status: byStatus,
  group: (one, other) => one.group.localeCompare(other.group),
  // The largest and the newest first: those are looked for.
  value: (one, other) => (other.value ?? Number.NEGATIVE_INFINITY) - (one.value ?? Number.NEGATIVE_INFINITY) || 0,
  since: (one, other) => Date.parse(other.since ?? '1970-01-01') - Date.parse(one.since ?? '1970-01-01'),
}
