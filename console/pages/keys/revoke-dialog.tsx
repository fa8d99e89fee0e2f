import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type AccessKey, type KeyKind, kinds, revokeKey } from '../../data/access-keys.ts'
import { keys } from '../../data/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/notes.tsx'
import { sayDone } from '../../ui/toasts.tsx'

export function RevokeDialog({ kind, one, onClose }: Readonly<{ kind: KeyKind; one: AccessKey; onClose: () => void }>) {
  const client = useQueryClient()
  const { name } = one.attributes
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => revokeKey(kind, one.id),
    onSuccess: () => {
      sayDone(`${name} is revoked`)
      void client.invalidateQueries({ queryKey: keys.accessKeys(kind) })
      onClose()
    },
  })
  const actions = (
    <>
      <Button onClick={onClose}>Keep</Button>
      <Button kind="danger" busy={isPending} onClick={() => mutate()}>
        Revoke it
      </Button>
    </>
  )
  return (
    <Dialog title={`Revoke ${name}?`} onClose={onClose} actions={actions}>
      <p>Whoever uses this {kinds[kind].noun} is shut out at once, and its sessions end. It can’t be taken back.</p>
      {error === null ? null : <Problem error={error} />}
    </Dialog>
  )
}
