/** Signing in: both keys once, for a session that no script can read. Nothing that is typed here is kept. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect } from 'react'
import { keys } from '../../data/keys.ts'
import { signIn } from '../../data/session.ts'
import { ApiProblem } from '../../http/client.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Problem } from '../../ui/notes.tsx'
import './sign-in.css'

export function SignIn() {
  const client = useQueryClient()
  const { mutate, error, isPending } = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => client.setQueryData(keys.session, session),
  })
  useEffect(() => {
    document.title = 'Sign in · Tocsin'
  }, [])

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    mutate({ api_key: String(form.get('api_key')).trim(), application_key: String(form.get('application_key')).trim() })
  }
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <h1>
          <Icon name="bell" /> Tocsin
        </h1>
        <p className="soft">Sign in with your keys. They are exchanged for a session of a week and kept nowhere in this browser.</p>
        <TextField label="API key" name="api_key" type="password" required autoFocus />
        <TextField
          label="Application key"
          name="application_key"
          type="password"
          required
          hint={
            <>
              The first ones are printed by <code>npm start</code> and kept in <code>.tocsin/keys.json</code>.
            </>
          }
        />
        {error === null ? null : <Problem error={isUnknown(error) ? unknown : error} />}
        <Button kind="primary" type="submit" busy={isPending}>
          Sign in
        </Button>
      </form>
    </main>
  )
}

const unknown = new ApiProblem(403, ['One of these keys is unknown, revoked, or of the other kind.'])

/** The API says no more than that to those it doesn't know. */
function isUnknown(error: Error): boolean {
  return error instanceof ApiProblem && error.status === 403 && error.sentences.join() === 'Forbidden'
}
