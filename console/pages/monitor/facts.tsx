/** What is to be known of a monitor before anything else: how it is, and whatever isn't as usual. Read next: page.tsx. */
import type { DowntimeMatch, Monitor, MonitorStatus } from '../../data/monitor.ts'
import { Link } from '../../router/link.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import './facts.css'
import { clockText, lengthText } from './words.ts'

/** As late as this a monitor is overdue: each looks once a minute, or says that it is stretched. */
const overdueMs = 180_000

type Given = Readonly<{ monitor: Monitor; status: MonitorStatus | undefined; downtimes: readonly DowntimeMatch[] }>

export function Facts({ monitor, status, downtimes }: Given) {
  const { overall_state: state, overall_state_modified: since, type, priority, tags } = monitor
  return (
    <div className="facts">
      <p className="facts-line">
        <Status status={state} />
        {since === null ? null : (
          <span className="soft">
            since <Time at={since} relative />
          </span>
        )}
        <span className="facts-type">{type}</span>
        {priority === null ? null : <span className="facts-type">P{priority}</span>}
        {monitor.draft_status === 'draft' ? <span className="facts-type">draft: nobody is told</span> : null}
        {status === undefined ? null : <Counts groups={status.groups} />}
      </p>
      {tags.length === 0 ? null : (
        <ul className="facts-tags" aria-label="Tags">
          {tags.map((tag) => (
            <li key={tag}>
              <Link href={`/monitors?q=${encodeURIComponent(`tag:"${tag}"`)}`} title={`Monitors with ${tag}`}>
                <Tag tag={tag} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Notices {...{ monitor, status, downtimes }} />
      <pre className="facts-query">
        <code>{monitor.query}</code>
      </pre>
    </div>
  )
}

function Counts({ groups }: Readonly<{ groups: Readonly<Record<string, number>> }>) {
  const counted = ['Alert', 'Warn', 'No Data', 'OK'].flatMap((status) => {
    const count = groups[status] ?? 0
    return count === 0 ? [] : [`${count.toLocaleString()} ${status}`]
  })
  return <span className="soft">{counted.join(' · ')}</span>
}

function Notices({ monitor, status, downtimes }: Given) {
  const muted = Object.entries(monitor.options.silenced ?? {})
  const next = status?.next_evaluation_at ?? null
  const lateMs = next === null || status?.paused === true ? 0 : Date.now() - Date.parse(next)
  return (
    <ul className="facts-notices">
      {muted.map(([scope, end]) => (
        <li key={scope} className="facts-muted">
          <Icon name="muted" /> {scope === '*' ? 'Muted' : `${scope} is muted`}{' '}
          {end === null ? 'until it is taken back' : `until ${clockText(end * 1_000)}`}
        </li>
      ))}
      {downtimes.map(({ id, attributes: { scope, end } }) => (
        <li key={id} className="facts-muted">
          <Icon name="downtimes" /> In a downtime of {scope === '*' ? 'everything' : scope}
          {end === null ? ', until it is canceled' : ` until ${clockText(end)}`}
        </li>
      ))}
      {status?.paused === true ? <li className="facts-warn">Paused: it isn’t evaluated until somebody resumes it.</li> : null}
      {status !== undefined && status.stretched > 1 ? (
        <li className="facts-warn">Stretched: the engine is behind, so each look covers {status.stretched} slots at once.</li>
      ) : null}
      {lateMs > overdueMs ? <li className="facts-warn">Overdue: it should have been evaluated {lengthText(lateMs)} ago.</li> : null}
      {status?.health?.kind === 'failing' ? (
        <li className="facts-warn">Its evaluations fail: {status.health.reason ?? 'no reason is known'}</li>
      ) : null}
      {status?.health?.kind === 'groups-refused' ? (
        <li className="facts-warn">It has more groups than it can watch. {status.health.reason ?? ''}</li>
      ) : null}
    </ul>
  )
}
