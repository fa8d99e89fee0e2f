/** The thresholds as numbers; the same lines can be moved in the chart. Read next: chart.tsx. */
import type { Problem } from '../../data/editor.ts'
import { NumberField } from '../../ui/number-field.tsx'
import { type Draft, type ThresholdName, thresholdsOf } from './draft.ts'
import './threshold-fields.css'
import { thresholdLabels, thresholdNames } from './thresholds.ts'

const hints: Readonly<Record<ThresholdName, string>> = {
  critical: 'beyond it: Alert',
  warning: 'beyond it: Warn',
  critical_recovery: 'back beyond it: no Alert any more',
  warning_recovery: 'back beyond it: no Warn any more',
}

export function ThresholdFields({
  draft,
  problems,
  onThreshold,
}: Readonly<{ draft: Draft; problems: readonly Problem[]; onThreshold: (name: ThresholdName, value: number | null) => void }>) {
  const given = thresholdsOf(draft)
  return (
    <fieldset className="threshold-fields">
      <legend>Thresholds</legend>
      {thresholdNames.map((name) => (
        <NumberField
          key={name}
          label={thresholdLabels[name]}
          hint={hints[name]}
          error={problems.find(({ field }) => field === `options.thresholds.${name}`)?.message}
          placeholder="none"
          value={given[name] ?? null}
          onValue={(value) => (name === 'critical' && value === null ? undefined : onThreshold(name, value))}
        />
      ))}
    </fieldset>
  )
}
