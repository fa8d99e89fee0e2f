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
    ...standing('At the start', answer.at_start, answer.starts_from),
    ...transitions(answer, paint),
    ...standing('At the end', answer.at_end, answer.starts_from),
    '',
    ...blockOf(strips(answer, columns, paint)),
    `Overall: ${overall(answer)}`,
    ...notTold(answer),
    ...notes.map((note) => `Note: ${note}`),
    '',
    `This monitor ${summary}. (took ${(answer.took_ms / 1_000).toFixed(1)} s)`,
  ]
}

function standing(when: string, { overall: status, groups, not_ok: bad }: BacktestAnswer['at_start'], judgedFrom: number): string[] {
  const named = Object.entries(bad)
  // What was so at the very first slot may have been so for long.
  const sinceOf = (since: number): string => `${localTime(since)}${since <= judgedFrom ? ' or before' : ''}`
  return [
    `${when}: ${status}, ${counted(groups, 'group')}`,
    ...named.slice(0, namedMax).map(([group, { status: is, since }]) => `  ${group} ${is} since ${sinceOf(since)}`),
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
  const factColumns = Math.max(...listed.map((transition) => factsOf(transition).length))
  const more = wouldHave.transitions.length - listed.length + wouldHave.transitions_left_out
  return [
    '',
    ...listed.map((transition) => line(transition, [groupColumns, factColumns], known, paint)),
    ...(more > 0
      ? [`  and ${counted(more, 'more transition')}; --json has the first ${wouldHave.transitions.length.toLocaleString('en-US')}`]
      : []),
    '',
  ]
}

type Columns = readonly [group: number, facts: number]

function line(transition: ShownTransition, [groupColumns, factColumns]: Columns, known: ReadonlySet<string>, paint: Paint): string {
  const { at, group, from, to } = transition
  const [change, painted] = from === to ? [`${to} again`, `${paint(to, to)} again`] : [`${from} → ${to}`, `${from} → ${paint(to, to)}`]
  const gap = ' '.repeat(Math.max(0, changeColumns - change.length))
  return `  ${localTime(at)}  ${group.padEnd(groupColumns)}  ${painted}${gap}  ${factsOf(transition).padEnd(factColumns)}  ${toldOf(transition, known)}`
}

/** `No Data → Unknown` takes more; the common ones don't. */
const changeColumns = 15

function factsOf({ value, threshold, reason }: ShownTransition): string {
  const measured = value === null ? [] : [`value ${value}`, ...(threshold === null ? [] : [`threshold ${threshold}`])]
  // Crossing a threshold is what the line shows anyway.
  return [...measured, ...(reason.startsWith('threshold-') ? [] : [reason])].join(', ')
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
