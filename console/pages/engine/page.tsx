/** How the engine is: whether evaluations are on time, who does them, and what is left lying. Read next: docs/how-to/watch-the-engine.md. */
import { useQuery } from '@tanstack/react-query'
import { type EngineStatus, engineQuery } from '../../data/engine.ts'
import { Link } from '../../router/link.tsx'
import { type Figure, Figures } from '../../ui/figures.tsx'
import { Empty, Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import './engine.css'

export default function EnginePage() {
  const { data, error, refetch } = useQuery(engineQuery)
  return (
    <Page title="Engine" note={data === undefined ? null : <Verdict status={data} />}>
      {error === null ? null : <Problem error={error} retry={() => void refetch()} />}
      {data === undefined ? error === null ? <Skeleton rows={8} height={24} /> : null : <Details status={data} />}
    </Page>
  )
}

function Verdict({ status }: Readonly<{ status: EngineStatus }>) {
  return status.on_time ? <span className="engine-well">On time</span> : <span className="engine-late">Late: {status.reason}</span>
}

function Details({ status }: Readonly<{ status: EngineStatus }>) {
  return (
    <>
      <Figures figures={figuresOf(status)} />
      <div className="engine-columns">
        <section>
          <h2>Workers</h2>
          <Workers status={status} />
        </section>
        <section>
          <h2>Shards</h2>
          <ul className="engine-shards">
            {status.shards.map(({ shard, served_by: workers }) => (
              <li key={shard} className={workers.length === 0 ? 'engine-unserved' : undefined} title={workers.join('\n')}>
                <strong>{shard}</strong>
                <span className="soft">
                  {workers.length === 0
                    ? 'nobody: its monitors stand still'
                    : `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <section className="engine-section">
        <h2>Overdue monitors</h2>
        <Overdue status={status} />
      </section>
    </>
  )
}

function figuresOf(status: EngineStatus): readonly Figure[] {
  const { monitors, schedule_lag_ms: lag, breakers_open: breakers } = status
  const open = [...breakers.receivers, ...breakers.sources]
  return [
    { label: 'Evaluations a second', value: status.evaluations_per_second.toFixed(1), note: `${monitors.live.toLocaleString()} monitors` },
    {
      label: 'Schedule lag, p99',
      value: duration(lag.p99),
      note: `half within ${duration(lag.p50)}`,
      look: (lag.p99 ?? 0) > lateMs ? 'warn' : 'plain',
    },
    { label: 'Overdue', value: monitors.overdue, note: 'three intervals late', look: monitors.overdue > 0 ? 'bad' : 'plain' },
    {
      label: 'Stretched',
      value: monitors.stretched,
      note: `level ${status.stretch_level}`,
      look: monitors.stretched > 0 ? 'warn' : 'plain',
    },
    { label: 'Edits not at work yet', value: monitors.unapplied, note: 'told within seconds', look: 'plain' },
    { label: 'Dead letters', value: status.dead_letters, note: 'messages given up', look: status.dead_letters > 0 ? 'bad' : 'plain' },
    {
      label: 'Left alone',
      value: open.length,
      note: open.length === 0 ? 'receivers and sources' : open.join(', '),
      look: open.length > 0 ? 'bad' : 'plain',
    },
    {
      label: 'Dead man’s switch',
      value: status.deadman_told_at === null ? 'not told' : <Time at={status.deadman_told_at} relative />,
      note: status.deadman_told_at === null ? 'TOCSIN_DEADMAN_URL sets it' : 'somebody outside knows',
    },
  ]
}

/** People notice when an alert is this late. */
const lateMs = 5_000

function Workers({ status: { workers } }: Readonly<{ status: EngineStatus }>) {
  if (workers.length === 0) return <Empty title="No worker lives">Nothing is evaluated until one is started.</Empty>
  return (
    <Table label="Workers" heads={['Worker', 'Since', 'Shards', 'A second', 'Lag p50', 'Lag p99', 'P1 p99', 'Stretch']}>
      {workers.map((worker) => (
        <tr key={worker.name}>
          <td className="mono">{worker.name}</td>
          <td>
            <Time at={worker.started_at} relative />
          </td>
          <td>{worker.shards.join(', ')}</td>
          <td>{worker.evaluations_per_second.toFixed(1)}</td>
          <td>{duration(worker.schedule_lag_ms.p50)}</td>
          <td>{duration(worker.schedule_lag_ms.p99)}</td>
          <td>{duration(worker.schedule_lag_ms.p1_p99)}</td>
          <td>{worker.stretch_level}</td>
        </tr>
      ))}
    </Table>
  )
}

function Overdue({ status: { overdue_monitors: overdue, monitors } }: Readonly<{ status: EngineStatus }>) {
  if (overdue.length === 0) return <p className="soft">None. Each monitor was evaluated when it was due.</p>
  return (
    <Table label="Overdue monitors" heads={['Monitor', 'Priority', 'Overdue by']}>
      {overdue.map(({ id, name, priority, overdue_ms: late }) => (
        <tr key={id}>
          <td>
            <Link href={`/monitors/${id}`}>{name}</Link>
          </td>
          <td>{priority === null ? '' : `P${priority}`}</td>
          <td>{duration(late)}</td>
        </tr>
      ))}
      {monitors.overdue > overdue.length ? (
        <tr>
          <td colSpan={3} className="soft">
            and {monitors.overdue - overdue.length} more
          </td>
        </tr>
      ) : null}
    </Table>
  )
}

function duration(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}
