import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type AccessKey, changeRole, type KeyKind, kinds } from '../../data/access-keys.ts'
import { keys } from '../../data/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'

/** A key: its role can be changed where it stands. */
export function KeyRow({ kind, one, onRevoke }: Readonly<{ kind: KeyKind; one: AccessKey; onRevoke: () => void }>) {
  const client = useQueryClient()
  const { name, role, last4, created_at: made, created_by: by, date_last_used: apiUsed, last_used_at: used } = one.attributes
  const change = useMutation({
    mutationFn: (next: string) => changeRole(kind, one.id, next),
    onSuccess: (_, next) => sayDone(`${name} is ${next === 'admin' || next === 'editor' ? 'an' : 'a'} ${next} from now on`),
    onError: (error) => sayProblem(error, name),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.accessKeys(kind) }),
  })
  const lastUsed = apiUsed ?? used ?? null
  return (
    <tr>
      <td className="keys-name">{name}</td>
      <td>
        <select
          className="input keys-role"
          aria-label={`Role of ${name}`}
          value={role}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.target.value)}
        >
          {kinds[kind].roles.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </td>
      <td className="mono soft">{last4 === undefined ? '' : `…${last4}`}</td>
      <td className="soft">
        <Time at={made} relative />
        {by === null ? ', from the environment' : ` by ${by}`}
      </td>
      <td className="soft">{lastUsed === null ? 'never' : <Time at={lastUsed} relative />}</td>
      <td>
        <Button kind="danger" aria-label={`Revoke ${name}`} onClick={onRevoke}>
          Revoke
        </Button>
      </td>
    </tr>
  )
}
