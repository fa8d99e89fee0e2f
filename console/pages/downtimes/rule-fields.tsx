import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { type Form, weekdays } from './form.ts'

const dayNames = { MO: 'Monday', TU: 'Tuesday', WE: 'Wednesday', TH: 'Thursday', FR: 'Friday', SA: 'Saturday', SU: 'Sunday' } as const

/** How often it comes again. A rule that has more to it is text. */
export function RuleFields({ form, set }: Readonly<{ form: Form; set: (changes: Partial<Form>) => void }>) {
  const zone = (
    <TextField
      label="Time zone"
      value={form.timezone}
      hint="Start is the time of a clock there"
      spellCheck={false}
      onChange={({ target }) => set({ timezone: target.value })}
    />
  )
  if (form.ruleText !== null) {
    return (
      <>
        <TextField
          label="Rule"
          value={form.ruleText}
          hint="An RRULE"
          spellCheck={false}
          onChange={({ target }) => set({ ruleText: target.value })}
        />
        {zone}
      </>
    )
  }
  return (
    <>
      <div className="downtime-pair">
        <SelectField label="Every" value={form.frequency} onChange={({ target }) => set({ frequency: target.value })}>
          <option value="DAILY">Day</option>
          <option value="WEEKLY">Week</option>
          <option value="MONTHLY">Month</option>
        </SelectField>
        <TextField
          label="How many of them apart"
          inputMode="numeric"
          value={form.every}
          onChange={({ target }) => set({ every: target.value })}
        />
      </div>
      {form.frequency === 'WEEKLY' ? (
        <fieldset className="downtime-days">
          <legend>On</legend>
          {weekdays.map((day) => (
            <Button
              key={day}
              aria-label={dayNames[day]}
              aria-pressed={form.days.includes(day)}
              onClick={() => set({ days: weekdays.filter((each) => (each === day) !== form.days.includes(each)) })}
            >
              {dayNames[day].slice(0, 2)}
            </Button>
          ))}
        </fieldset>
      ) : null}
      {zone}
      <p>
        <Button kind="quiet" onClick={() => set({ ruleText: 'FREQ=MONTHLY;BYDAY=1SU' })}>
          Write the rule as text
        </Button>
      </p>
    </>
  )
}
