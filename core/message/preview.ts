/**
 * The changes of status that a definition's message may be rendered for, each with an example of a transition.
 * Never says what the engine decides: only what keeps a definition quiet as a whole. Read next: render.ts, core/monitor/decide.ts.
 */
import { groupKey } from '../monitor/group.ts'
import type { MonitorSpec, Status } from '../monitor/spec-types.ts'
import type { Transition, TransitionReason } from '../monitor/types.ts'

/** `tags` null = an example for each key; `value` null = the threshold of the status. */
export type PreviewSample = Readonly<{ tags: Readonly<Record<string, string>> | null; value: number | null; at: number }>

export type PreviewedChange = Readonly<{
  /** `Alert`, `Re-Triggered`, `Recovered from Warn`. */
  title: string
  transition: Transition
  /** What of the definition keeps it quiet, as a sentence; null = it is told. */
  notToldBecause: string | null
}>

type Change = Readonly<{ title: string; from: Status; to: Status; reason: TransitionReason }>

const changes: readonly Change[] = [
  { title: 'Alert', from: 'OK', to: 'Alert', reason: 'threshold-crossed' },
  { title: 'Re-Triggered', from: 'Alert', to: 'Alert', reason: 'renotify' },
  { title: 'Warn', from: 'OK', to: 'Warn', reason: 'threshold-crossed' },
  { title: 'Alert to Warn', from: 'Alert', to: 'Warn', reason: 'threshold-recovered' },
  { title: 'No Data', from: 'OK', to: 'No Data', reason: 'data-missing' },
  { title: 'Recovered from Alert', from: 'Alert', to: 'OK', reason: 'threshold-recovered' },
  { title: 'Recovered from Warn', from: 'Warn', to: 'OK', reason: 'threshold-recovered' },
  { title: 'Recovered from No Data', from: 'No Data', to: 'OK', reason: 'data-returned' },
]

/** How long an example has lasted: long enough to be seen in its times. */
const lastedMs = 15 * 60_000
const tagsMax = 50

export function previewChanges(spec: MonitorSpec, sample: PreviewSample): PreviewedChange[] {
  return changes.map((change, index) => ({
    title: change.title,
    transition: transitionOf(spec, sample, change, index + 1),
    notToldBecause: quietBecause(spec, change),
  }))
}

function transitionOf(spec: MonitorSpec, { tags, value, at }: PreviewSample, { from, to, reason }: Change, sequence: number): Transition {
  const begunAt = from === 'OK' ? at : at - lastedMs
  const threshold = thresholdOf(spec, to, from)
  return {
    sequence,
    group: groupKey(tags ?? exampleTags(spec)),
    from,
    to,
    slot: at,
    value: to === 'No Data' ? null : (value ?? threshold),
    threshold: to === 'No Data' ? null : threshold,
    reason,
    version: spec.version,
    firstTriggeredAt: begunAt,
    lastTriggeredAt: from === to || to === 'OK' ? begunAt : at,
    notify: { send: true, reason: reason === 'renotify' ? 'renotify' : 'entered-alert' },
    bundle: null,
  }
}

/** Notifications have the tags of their bundle, where there are bundles. */
function exampleTags({ groupBy, notifyBy }: MonitorSpec): Record<string, string> {
  return Object.fromEntries((notifyBy ?? groupBy ?? []).slice(0, tagsMax).map((key) => [key, 'example']))
}

function thresholdOf({ thresholds }: MonitorSpec, to: Status, from: Status): number | null {
  const { critical, warning, criticalRecovery, warningRecovery } = thresholds
  if (to === 'Alert') return critical
  if (to === 'Warn') return warning ?? critical
  return from === 'Warn' ? (warningRecovery ?? warning ?? critical) : (criticalRecovery ?? critical)
}

function quietBecause(spec: MonitorSpec, { from, to, reason }: Change): string | null {
  if (spec.draft) return 'The monitor is a draft.'
  if (reason === 'renotify') return repeatsBecause(spec)
  if (to === 'No Data' || from === 'No Data') {
    return spec.missing.action === 'notify' ? null : 'No Data is not asked for: set on_missing_data to show_and_notify_no_data.'
  }
  const warns = spec.statusCounts !== undefined || spec.thresholds.warning !== null
  return (to === 'Warn' || from === 'Warn') && !warns ? 'There is no warning threshold.' : null
}

function repeatsBecause({ renotify }: MonitorSpec): string | null {
  if (renotify === null) return 'Nothing is repeated: set renotify_interval.'
  return renotify.statuses.includes('Alert') ? null : 'renotify_statuses leaves alerts out.'
}
