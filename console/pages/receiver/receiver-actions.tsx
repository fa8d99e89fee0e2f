import { useState } from 'react'
import { deleteReceiver } from '../../data/receivers.ts'
import { navigate } from '../../router/location.ts'
import { Button } from '../../ui/button.tsx'
import { DeleteDialog } from '../../ui/delete-dialog.tsx'
import type { useReceiver } from './use-receiver.ts'

type Editing = ReturnType<typeof useReceiver>

export function NewActions({ editing: { save } }: Readonly<{ editing: Editing }>) {
  return (
    <div className="fields-actions">
      <Button kind="primary" type="submit" busy={save.isPending}>
        Create it
      </Button>
    </div>
  )
}

export function StoredActions({ editing, isFixed }: Readonly<{ editing: Editing; isFixed: boolean }>) {
  const { save, test, name, isChanged, renew } = editing
  const [isDeleting, setDeleting] = useState(false)
  return (
    <div className="fields-actions">
      {isFixed ? null : (
        <Button kind="primary" type="submit" busy={save.isPending} disabled={!isChanged}>
          Save
        </Button>
      )}
      <Button
        busy={test.isPending}
        disabled={isChanged}
        title={isChanged ? 'Save it first: what is stored is tested' : 'Sends a message that says it is a test'}
        onClick={() => test.mutate()}
      >
        Send a test message
      </Button>
      {isFixed ? null : (
        <Button kind="danger" onClick={() => setDeleting(true)}>
          Delete
        </Button>
      )}
      {isDeleting ? (
        <DeleteDialog
          name={name}
          what="Messages that name it tell nobody from then on; the monitors say so."
          remove={() => deleteReceiver(name)}
          onDone={() => {
            navigate('/receivers')
            void renew()
          }}
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </div>
  )
}
