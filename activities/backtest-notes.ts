import type { BacktestNotification, SlotCounts } from '../core/backtest/report.ts'
import type { MonitorSpec } from '../core/monitor/spec-types.ts'

/** What to know of a backtest before relying on it, as sentences. */
export function notesOf(spec: MonitorSpec, slots: SlotCounts, notifications: readonly BacktestNotification[]): string[] {
  const { evaluated, empty, failed, skipped, reasons } = slots
  const all = evaluated + failed + skipped
  const why = (outcome: 'failed' | 'skipped'): string =>
    reasons.find((reason) => reason.outcome === outcome)?.reason ?? 'for no known reason'
  const unknown = notifications.filter(({ known }) => !known).map(({ receiver }) => `@${receiver}`)
  return [
    ...(evaluated === 0 ? ['Nothing could be judged: no slot was evaluated.'] : []),
    ...(skipped > 0 ? [`${ofAll(skipped, all)} were skipped: ${why('skipped')}.`] : []),
    ...(failed > 0 ? [`${ofAll(failed, all)} failed: ${why('failed')}.`] : []),
    ...(empty > 0 ? [`${ofAll(empty, all)} had no data at all.`] : []),
    ...(spec.draft ? ['The monitor is a draft, which tells nobody: set draft_status to published to see who would be told.'] : []),
    ...(Object.keys(spec.silenced).length > 0 ? ['The monitor’s mutes count for the whole time, also before they were set.'] : []),
    ...(spec.inhibitedBy === undefined ? [] : ['What may hold it while it fires (inhibited_by) isn’t looked at: everybody is told.']),
    ...(unknown.length > 0 ? [`No receiver is configured for ${unknown.slice(0, namedMax).join(', ')}${moreThan(unknown.length)}.`] : []),
  ]
}

/** Receivers that one sentence holds. */
const namedMax = 5

function moreThan(count: number): string {
  return count > namedMax ? ` and ${count - namedMax} more` : ''
}

function ofAll(slots: number, all: number): string {
  return slots === all ? (all === 1 ? 'The only slot' : `All ${all} slots`) : `${slots} of ${all} slots`
}
