import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

export function DeleteDialog({ name, onClose, onDelete }: Readonly<{ name: string; onClose: () => void; onDelete: () => void }>) {
  return (
    <Dialog
      title={`Delete ${name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button kind="danger" onClick={onDelete}>
            Delete
          </Button>
        </>
      }
    >
      <p>It stops at once, and nobody hears of what it fires for. What it did stays readable.</p>
    </Dialog>
  )
}
