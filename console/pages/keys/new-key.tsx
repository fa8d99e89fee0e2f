import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { createKey, type KeyKind, kinds } from '../../data/access-keys.ts'
import { keys } from '../../data/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/notes.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'

/** Makes a key, and shows it as long as the dialog is open: it can't be read again. */
export function NewKeyDialog({ kind, onClose }: Readonly<{ kind: KeyKind; onClose: () => void }>) {
  const client = useQueryClient()
  const { noun, roles } = kinds[kind]
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: createKey,
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.accessKeys(kind) }),
    // The key isn't kept beyond the dialog.
    gcTime: 0,
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    mutate({ kind, name: String(form.get('name')), role: String(form.get('role')) })
  }
  const made = data?.attributes
  return (
    <Dialog title={made === undefined ? `New ${noun}` : made.name} onClose={onClose}>
      {made?.key === undefined ? (
        <form className="keys-form" onSubmit={submit}>
          <TextField label="Name" name="name" required maxLength={255} placeholder="Ann, or agent of web-1" autoFocus />
          <SelectField label="Role" name="role" defaultValue={roles[0]}>
            {roles.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </SelectField>
          {error === null ? null : <Problem error={error} />}
          <Button kind="primary" type="submit" busy={isPending}>
            Make it
          </Button>
        </form>
      ) : (
        <Made text={made.key} />
      )}
    </Dialog>
  )
}

function Made({ text }: Readonly<{ text: string }>) {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      sayDone('Copied')
    } catch {
      sayProblem('This browser lets nobody copy here: mark the key and copy it yourself')
    }
  }
  return (
    <>
      <p>This is the key. It is shown now and never again.</p>
      <code className="keys-made">{text}</code>
      <Button kind="primary" onClick={() => void copy()}>
        Copy
      </Button>
    </>
  )
}
