import type { Source } from '../../data/sources.ts'
import { Flag } from '../../ui/flag.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Circuit } from '../sources/circuit.tsx'

/** How each worker finds it. */
export function Workers({ source: { workers, error } }: Readonly<{ source: Source }>) {
  if (error !== undefined || workers.length === 0) {
    return (
      <p>
        <Circuit workers={workers} unreadable={error} />
      </p>
    )
  }
  return (
    <Table label="Workers" heads={['Worker', 'Breaker', 'Asked', 'Failed', 'Waiting', 'Last answer', 'Last failure']}>
      {workers.map(({ worker, circuit = 'closed', sent = 0, failed = 0, waiting = 0, last_answer: answer, last_failure: failure }) => (
        <tr key={worker}>
          <td>{worker}</td>
          <td>
            <Flag look={circuit === 'closed' ? 'ok' : 'alert'} text={circuit} />
          </td>
          <td>{sent}</td>
          <td>{failed}</td>
          <td>{waiting}</td>
          <td className="soft">{answer ? <Time at={answer} relative /> : 'none yet'}</td>
          <td className="soft">
            {failure ? (
              <>
                <Time at={failure.at} relative />: {failure.reason}
              </>
            ) : (
              'none'
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}
