/** What saving changes, field by field, before it is done. */
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { Change } from './draft.ts'
import './changes-dialog.css'

export function ChangesDialog({
  changes,
  busy,
  onSave,
  onClose,
}: Readonly<{ changes: readonly Change[]; busy: boolean; onSave: () => void; onClose: () => void }>) {
  const actions = (
    <Button kind="primary" busy={busy} onClick={onSave} autoFocus>
      Save {changes.length === 1 ? 'this change' : `these ${changes.length} changes`}
    </Button>
  )
  return (
    <Dialog title="What changes" onClose={onClose} wide actions={actions}>
      <ul className="changes">
        {changes.map(({ field, from, to }) => (
          <li key={field}>
            <h3>{field}</h3>
            {from === undefined ? null : <del>{textOf(from)}</del>}
            {to === undefined ? <p className="soft">is left out</p> : <ins>{textOf(to)}</ins>}
          </li>
        ))}
      </ul>
      <p className="soft small">The state of each group stays as it is; what has changed counts from the next evaluation on.</p>
    </Dialog>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
