import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FiringGroup, resolveGroup, unacknowledgeGroup } from '../../data/firing.ts'
import { keys } from '../../data/keys.ts'
import { Link } from '../../router/link.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { Time } from '../../ui/time.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'

const numbers = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 5 })

/** One group that fires, and what can be done about it. */
export function GroupRow({ group, onAcknowledge }: Readonly<{ group: FiringGroup; onAcknowledge: () => void }>) {
  const { monitor_id: id, monitor_name: name, group: key, status, since, value, held, priority, acknowledged } = group
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: ({ run }: Readonly<{ run: () => Promise<unknown>; done: string }>) => run(),
    onSuccess: (_, { done }) => {
      sayDone(done)
      void client.invalidateQueries({ queryKey: keys.monitors })
    },
    onError: (error) => sayProblem(error),
  })
  return (
    <li className="incident">
      <Status status={status} />
      <span className="incident-name">
        <strong className="cut" title={name}>
          <Link href={`/monitors/${id}`}>{name}</Link>
        </strong>
        <span className="mono soft cut" title={key}>
          {key === '*' ? '' : key}
        </span>
      </span>
      <span className="incident-facts soft">
        {priority === null ? null : <span>P{priority}</span>}
        {value === null ? null : <span title="Value">at {numbers.format(value)}</span>}
        {held ? (
          <span title="A mute or a downtime holds it">
            <Icon name="muted" /> muted
          </span>
        ) : null}
        {since === null ? null : <Time at={since} relative />}
      </span>
      <span className="incident-who">
        {acknowledged === null ? null : (
          <span title={acknowledged.note ?? undefined}>
            <Icon name="check" /> {acknowledged.by}
            {acknowledged.note === null ? '' : `: ${acknowledged.note}`}
          </span>
        )}
      </span>
      <span className="incident-actions">
        {acknowledged === null ? (
          <Button onClick={onAcknowledge}>Acknowledge</Button>
        ) : (
          <Button
            busy={act.isPending}
            onClick={() => act.mutate({ run: () => unacknowledgeGroup(id, key), done: 'Nobody is on it any more' })}
          >
            Take back
          </Button>
        )}
        <Button kind="quiet" busy={act.isPending} onClick={() => act.mutate({ run: () => resolveGroup(id, key), done: 'Resolved' })}>
          Resolve
        </Button>
      </span>
    </li>
  )
}
