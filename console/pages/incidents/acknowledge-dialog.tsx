import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { acknowledgeGroup, type FiringGroup } from '../../data/firing.ts'
import { keys } from '../../data/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/notes.tsx'
import { sayDone } from '../../ui/toasts.tsx'

/** As the API takes it. */
const noteCharsMax = 500

/** That somebody is on it: under the name of the key, with a note for the others. */
export function AcknowledgeDialog({ groups, onClose }: Readonly<{ groups: readonly FiringGroup[]; onClose: () => void }>) {
  const client = useQueryClient()
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (note: string) => {
      for (const { monitor_id: monitorId, group } of groups) await acknowledgeGroup({ monitorId, group, note })
    },
    onSuccess: () => {
      sayDone(groups.length === 1 ? 'Acknowledged' : `${groups.length} acknowledged`)
      onClose()
    },
    onSettled: () => void client.invalidateQueries({ queryKey: keys.monitors }),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    mutate(String(new FormData(event.currentTarget).get('note')).trim())
  }
  const [first] = groups
  return (
    <Dialog
      title={groups.length === 1 ? `Acknowledge ${first?.monitor_name ?? ''}` : `Acknowledge ${groups.length} groups`}
      onClose={onClose}
    >
      <form className="incident-form" onSubmit={submit}>
        <p className="soft">It isn’t repeated any more. Getting worse or well again is told all the same.</p>
        <TextField
          label="Note"
          name="note"
          maxLength={noteCharsMax}
          placeholder="On it; restarting the queue"
          hint="For whoever looks next."
          autoFocus
        />
        {error === null ? null : <Problem error={error} />}
        <Button kind="primary" type="submit" busy={isPending}>
          Acknowledge
        </Button>
      </form>
    </Dialog>
  )
}
