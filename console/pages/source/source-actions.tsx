import { useState } from 'react'
import { deleteSource } from '../../data/sources.ts'
import { navigate } from '../../router/location.ts'
import { Button } from '../../ui/button.tsx'
import { DeleteDialog } from '../../ui/delete-dialog.tsx'
import type { useSource } from './use-source.ts'

type Given = Readonly<{ editing: ReturnType<typeof useSource>; isNew: boolean; isFixed: boolean }>

export function SourceActions({ editing, isNew, isFixed }: Given) {
  const { save, test, name, isChanged, renew } = editing
  const [isDeleting, setDeleting] = useState(false)
  return (
    <div className="fields-actions">
      {isFixed ? null : (
        <Button kind="primary" type="submit" busy={save.isPending} disabled={!isNew && !isChanged}>
          {isNew ? 'Create it' : 'Save'}
        </Button>
      )}
      {isNew ? null : (
        <Button
          busy={test.isPending}
          disabled={isChanged}
          title={isChanged ? 'Save it first: what is stored is tested' : 'Asks it something small'}
          onClick={() => test.mutate()}
        >
          Test it
        </Button>
      )}
      {isNew || isFixed ? null : (
        <Button kind="danger" onClick={() => setDeleting(true)}>
          Delete
        </Button>
      )}
      {isDeleting ? (
        <DeleteDialog
          name={name}
          what="Monitors that name it can’t be evaluated from then on; their health says so."
          remove={() => deleteSource(name)}
          onDone={() => {
            navigate('/sources')
            void renew()
          }}
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </div>
  )
}
