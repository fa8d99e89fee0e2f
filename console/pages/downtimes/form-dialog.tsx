/** A downtime is planned or changed; beside it when it would hold next, and which monitors it is about. Read next: form.ts, foreseen.tsx. */
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/notes.tsx'
import { Segments } from '../../ui/segments.tsx'
import { Foreseen } from './foreseen.tsx'
import { attributesOf, type Form } from './form.ts'
import { RuleFields } from './rule-fields.tsx'

type Given = Readonly<{
  title: string
  initial: Form
  onClose: () => void
  /** Rejects with what is wrong: it is shown, and what was filled in stays. */
  onSave: (form: Form) => Promise<void>
}>

const kinds = [
  { value: 'once', label: 'Once' },
  { value: 'again', label: 'Again and again' },
] as const

export function FormDialog({ title, initial, onClose, onSave }: Given) {
  const [form, setForm] = useState(initial)
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const set = (changes: Partial<Form>): void => setForm({ ...form, ...changes })
  const save = async (): Promise<void> => {
    setSaving(true)
    try {
      await onSave(form)
    } catch (problem) {
      setError(problem)
      setSaving(false)
    }
  }
  return (
    <Dialog
      title={title}
      wide
      onClose={onClose}
      actions={
        <Button kind="primary" busy={saving} onClick={() => void save()}>
          Save
        </Button>
      }
    >
      <div className="downtime-form">
        <div className="downtime-fields">
          <TextField
            label="Monitors"
            placeholder="all"
            hint="Tags that they have, such as team:shop, env:prod; the number of one; nothing = all"
            value={form.monitors}
            spellCheck={false}
            onChange={({ target }) => set({ monitors: target.value })}
          />
          <TextField
            label="Groups"
            hint="A scope such as env:prod AND NOT host:b; * = all of their groups"
            value={form.scope}
            spellCheck={false}
            onChange={({ target }) => set({ scope: target.value })}
          />
          <Segments label="How often" options={kinds} value={form.kind} onValue={(kind) => set({ kind })} />
          <div className="downtime-pair">
            <TextField
              label="Start"
              type="datetime-local"
              value={form.start}
              hint="Nothing = now"
              onChange={({ target }) => set({ start: target.value })}
            />
            {form.kind === 'once' ? (
              <TextField
                label="End"
                type="datetime-local"
                value={form.end}
                hint="Nothing = until it is canceled"
                onChange={({ target }) => set({ end: target.value })}
              />
            ) : (
              <TextField
                label="Length"
                value={form.duration}
                hint="Such as 30m, 2h, 1d"
                onChange={({ target }) => set({ duration: target.value })}
              />
            )}
          </div>
          {form.kind === 'again' ? <RuleFields form={form} set={set} /> : null}
          <TextField
            label="Message"
            value={form.message}
            hint="Why; people read it"
            onChange={({ target }) => set({ message: target.value })}
          />
          <SelectField
            label="When it ends"
            value={form.muteFirstRecovery ? 'quiet' : 'tell'}
            onChange={({ target }) => set({ muteFirstRecovery: target.value === 'quiet' })}
          >
            <option value="tell">Recoveries of what was told before are told</option>
            <option value="quiet">The first recovery within it isn’t told</option>
          </SelectField>
          {error === null ? null : <Problem error={error} />}
        </div>
        <Foreseen attributes={attributesOf(form)} />
      </div>
    </Dialog>
  )
}
