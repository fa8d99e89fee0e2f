import { useState } from 'react'
import type { Acknowledge } from '../../data/monitor.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { endOf, type Until } from './until.ts'
import { UntilField } from './until-field.tsx'

const noteCharsMax = 500

type Given = Readonly<{ group: string | null; onClose: () => void; onAcknowledge: (said: Acknowledge) => void }>

/** Somebody knows of it: nothing is repeated meanwhile, and others see who. */
export function AckDialog({ group, onClose, onAcknowledge }: Given) {
  const [which, setWhich] = useState(group ?? '')
  const [note, setNote] = useState('')
  const [until, setUntil] = useState<Until>({ kind: 'open' })
  const end = endOf(until, Date.now())
  const acknowledge = (): void => {
    if (end !== undefined) onAcknowledge({ group: which.trim() || '*', until: end, note: note.trim() })
  }
  return (
    <Dialog
      title="Acknowledge"
      onClose={onClose}
      actions={
        <Button kind="primary" icon="check" disabled={end === undefined} onClick={acknowledge}>
          Acknowledge
        </Button>
      }
    >
      <p className="soft">You know of it: it isn’t repeated, and everybody sees that it is in hand. A change of its status ends it.</p>
      <TextField
        label="Note"
        placeholder="What is being done"
        maxLength={noteCharsMax}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <UntilField until={until} open="Until it changes" onUntil={setUntil} />
      <TextField
        label="Which group"
        placeholder="all that isn’t OK"
        hint="Its tags, such as queue:mail; nothing = all that isn’t OK"
        spellCheck={false}
        value={which}
        onChange={(event) => setWhich(event.target.value)}
      />
    </Dialog>
  )
}
