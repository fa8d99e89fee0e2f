import { useMutation } from '@tanstack/react-query'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Problem } from './notes.tsx'
import { sayDone } from './toasts.tsx'

type Given = Readonly<{ name: string; what: string; remove: () => Promise<unknown>; onDone: () => void; onClose: () => void }>

/** Asks before something is gone. `what`: what that means, in a sentence. */
export function DeleteDialog({ name, what, remove, onDone, onClose }: Given) {
  const { mutate, error, isPending } = useMutation({
    mutationFn: remove,
    onSuccess: () => {
      sayDone(`${name} is deleted`)
      onDone()
    },
  })
  const actions = (
    <>
      <Button onClick={onClose}>Keep</Button>
      <Button kind="danger" busy={isPending} onClick={() => mutate()}>
        Delete it
      </Button>
    </>
  )
  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose} actions={actions}>
      <p>{what}</p>
      {error === null ? null : <Problem error={error} />}
    </Dialog>
  )
}
