import { useQuery } from '@tanstack/react-query'
import { deliveryQuery } from '../../data/monitor-history.ts'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Time } from '../../ui/time.tsx'
import { lengthText } from './words.ts'

/** A message as it was sent, and each try with what the receiver answered. */
export function Tries({ id }: Readonly<{ id: number }>) {
  const { data, error } = useQuery(deliveryQuery(id))
  if (data === undefined) return error === null ? <Skeleton rows={2} /> : <Problem error={error} />
  return (
    <div className="tries">
      <ol aria-label="Attempts">
        {data.tries.map(({ at, outcome, latency_ms: latency, detail }) => (
          <li key={at}>
            <Time at={at} /> <strong>{outcome}</strong>
            {latency === null ? null : <span className="soft"> in {lengthText(latency)}</span>} {detail}
          </li>
        ))}
      </ol>
      {data.tries.length === 0 ? <p className="soft">Not tried yet.</p> : null}
      {data.next_attempt_at === null ? null : (
        <p className="soft">
          Next try: <Time at={data.next_attempt_at} />
        </p>
      )}
      {data.body === null ? null : <pre>{data.body}</pre>}
    </div>
  )
}
