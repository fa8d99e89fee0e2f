import { useState } from 'react'
import type { Mute } from '../../data/monitor.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { endOf, type Until } from './until.ts'
import { UntilField } from './until-field.tsx'

type Given = Readonly<{ what: string; group: string | null; onClose: () => void; onMute: (mute: Mute) => void }>

/** For how long, and which groups: those that are looked at, to begin with. */
export function MuteDialog({ what, group, onClose, onMute }: Given) {
  const [scope, setScope] = useState(group ?? '')
  const [until, setUntil] = useState<Until>({ kind: 'for', seconds: 3_600 })
  const end = endOf(until, Date.now())
  const mute = (): void => {
    if (end !== undefined) onMute({ scope: scope.trim() || '*', end })
  }
  return (
    <Dialog
      title={`Mute ${what}`}
      onClose={onClose}
      actions={
        <Button kind="primary" icon="muted" disabled={end === undefined} onClick={mute}>
          Mute
        </Button>
      }
    >
      <p className="soft">Nobody is told meanwhile. What still fires at the end is told then.</p>
      <UntilField until={until} open="Until it is taken back" onUntil={setUntil} />
      <TextField
        label="Which groups"
        placeholder="all"
        hint="Tags that they have, such as queue:mail,env:prod; nothing = all"
        value={scope}
        spellCheck={false}
        onChange={(event) => setScope(event.target.value)}
      />
    </Dialog>
  )
}
