/**
 * A backtest's answer for people: what it judged, each transition, a strip per group, and the sentence that sums it up.
 * Never asks anything. Read next: strips.ts, answer.ts.
 */
import type { BacktestAnswer, ShownTransition } from './answer.ts'
import { type Paint, strips } from './strips.ts'
import { duration, localTime } from './time.ts'

/** Transitions that are listed: what a person scrolls through. */
const transitionsMax = 200

export function showBacktest(answer: BacktestAnswer, columns: number, paint: Paint): string[] {
  const { monitor, slots, summary, notes } = answer
  const judged = slots.evaluated + slots.failed + slots.skipped
  return [
    `${monitor.name}${monitor.id === null ? '' : ` (monitor ${monitor.id})`}`,
    `  ${monitor.query}`,
    `  ${localTime(answer.from)} to ${localTime(answer.to)}: ${counted(judged, 'slot')}, one every ${duration(answer.interval_s)}`,
    `  judged from ${localTime(answer.starts_from)} on, so that holds and missing data are under way; what happened before isn’t told`,
    '',
    ...standing('At the start', answer.at_start),
    ...transitions(answer, paint),
    ...standing('At the end', answer.at_end),
    '',
    ...blockOf(strips(answer, columns, paint)),
    `Overall: ${overall(answer)}`,
    ...notTold(answer),
    ...notes.map((note) => `Note: ${note}`),
    '',
    `This monitor ${summary}. (${duration(Math.max(1, answer.took_ms / 1_000))})`,
  ]
}

function standing(when: string, { overall: status, groups, not_ok: bad }: BacktestAnswer['at_start']): string[] {
  const named = Object.entries(bad)
  return [
    `${when}: ${status}, ${counted(groups, 'group')}`,
    ...named.slice(0, namedMax).map(([group, { status: is, since }]) => `  ${group} ${is} since ${localTime(since)}`),
    ...(named.length > namedMax ? [`  and ${named.length - namedMax} more that are not OK`] : []),
  ]
}

/** Groups named of a standing. */
const namedMax = 10

function transitions({ would_have: wouldHave, notifications }: BacktestAnswer, paint: Paint): string[] {
  const listed = wouldHave.transitions.slice(0, transitionsMax)
  if (listed.length === 0) return []
  const known = new Set(notifications.filter((one) => one.known).map(({ receiver }) => receiver))
  const groupColumns = Math.max(...listed.map(({ group }) => group.length))
  const more = wouldHave.transitions.length - listed.length + wouldHave.transitions_left_out
  return [
    '',
    ...listed.map((transition) => line(transition, groupColumns, known, paint)),
    ...(more > 0 ? [`  and ${counted(more, 'transition')} more; --json has ${counted(wouldHave.transitions.length, 'transition')}`] : []),
    '',
  ]
}

function line(transition: ShownTransition, groupColumns: number, known: ReadonlySet<string>, paint: Paint): string {
  const { at, group, from, to, value, threshold, reason } = transition
  const change = from === to ? `${from} again` : `${from} → ${paint(to, to)}`
  const columns = from === to ? change.length : `${from} → ${to}`.length
  const measured = value === null ? '' : `value ${value}${threshold === null ? '' : `, threshold ${threshold}`}`
  const because = reason.startsWith('threshold-') ? '' : reason
  const facts = [measured, because].filter((text) => text !== '').join(', ')
  return `  ${localTime(at)}  ${group.padEnd(groupColumns)}  ${change}${' '.repeat(Math.max(0, 16 - columns))}  ${facts.padEnd(28)}  ${toldOf(transition, known)}`
}

function toldOf({ notify, receivers }: ShownTransition, known: ReadonlySet<string>): string {
  if (!notify.send) return `not told: ${notify.reason}`
  const named = receivers.filter((receiver) => receiver !== 'log')
  if (named.length === 0) return 'told: the log only'
  return `told: ${named.map((receiver) => `@${receiver}${known.has(receiver) ? '' : ' (not configured)'}`).join(' ')}`
}

function overall({ overall_s: seconds }: BacktestAnswer): string {
  const spent = Object.entries(seconds).filter(([, many]) => many > 0)
  return spent.length === 0 ? 'no time' : spent.map(([status, many]) => `${status} ${duration(many)}`).join(', ')
}

function notTold({ would_have: { not_told: reasons } }: BacktestAnswer): string[] {
  const texts = Object.entries(reasons).map(([reason, count]) => `${count} × ${reason}`)
  return texts.length === 0 ? [] : [`Not told: ${texts.join(', ')}`]
}

function blockOf(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines, '']
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`
}
