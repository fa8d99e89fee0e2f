/** What fires now, gathered by team, service or monitor: who has taken it on, and the ways to do so. Read next: group-row.tsx, bundle.ts. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type FiringGroup, firingQuery } from '../../data/firing.ts'
import { useSearch } from '../../router/location.ts'
import { useCommands } from '../../shell/commands.ts'
import { Empty, Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { Segments } from '../../ui/segments.tsx'
import { AcknowledgeDialog } from './acknowledge-dialog.tsx'
import { type By, bundle } from './bundle.ts'
import { GroupRow } from './group-row.tsx'
import './incidents.css'

const ways = [
  { value: 'team', label: 'Team' },
  { value: 'service', label: 'Service' },
  { value: 'monitor', label: 'Monitor' },
] as const
const levels = [
  { value: 'alert', label: 'Alerts' },
  { value: 'alert,warn', label: '+ Warn' },
  { value: 'alert,warn,no data', label: '+ No Data' },
] as const
const shown = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Nobody on it' },
] as const

const oneOf = <Value extends string>(options: readonly Readonly<{ value: Value }>[], text: string | null, otherwise: Value): Value =>
  options.find(({ value }) => value === text)?.value ?? otherwise

export default function IncidentsPage() {
  const [search, setSearch] = useSearch()
  const by: By = oneOf(ways, search.get('by'), 'team')
  const status = oneOf(levels, search.get('status'), 'alert,warn')
  const show = oneOf(shown, search.get('show'), 'all')
  const { data, error, refetch } = useQuery(firingQuery(status))
  const [acknowledging, setAcknowledging] = useState<readonly FiringGroup[]>([])
  const groups = (data?.groups ?? []).filter(({ acknowledged }) => show === 'all' || acknowledged === null)
  const open = groups.filter(({ acknowledged }) => acknowledged === null)
  useCommands(
    open.length === 0
      ? []
      : [
          {
            id: 'acknowledge-all',
            label: 'Acknowledge all that is shown',
            group: 'Incidents',
            keys: 'a',
            run: () => setAcknowledging(open),
          },
        ],
  )

  return (
    <Page title="Incidents" note={data === undefined ? null : noteOf(data.total, data.groups)}>
      <div className="incidents-top">
        <Segments label="Gathered by" options={ways} value={by} onValue={(value) => setSearch({ by: value === 'team' ? null : value })} />
        <Segments
          label="What is shown"
          options={levels}
          value={status}
          onValue={(value) => setSearch({ status: value === 'alert,warn' ? null : value })}
        />
        <Segments
          label="Acknowledged or not"
          options={shown}
          value={show}
          onValue={(value) => setSearch({ show: value === 'all' ? null : value })}
        />
      </div>
      {error === null ? null : <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Skeleton rows={8} height={24} /> : null}
      {data !== undefined && groups.length === 0 ? (
        <Empty title={show === 'open' && data.total > 0 ? 'Somebody is on everything' : 'Nothing fires'}>
          <p>What begins appears here by itself.</p>
        </Empty>
      ) : null}
      {bundle(groups, by).map(({ name, groups: inside }) => (
        <section key={name} className="incident-bundle" aria-label={name}>
          <h2>
            {name} <span className="soft">{inside.length}</span>
          </h2>
          <ul>
            {inside.map((group) => (
              <GroupRow key={`${group.monitor_id} ${group.group}`} group={group} onAcknowledge={() => setAcknowledging([group])} />
            ))}
          </ul>
        </section>
      ))}
      {data !== undefined && data.total > data.groups.length ? <p className="soft">and {data.total - data.groups.length} more</p> : null}
      {acknowledging.length === 0 ? null : <AcknowledgeDialog groups={acknowledging} onClose={() => setAcknowledging([])} />}
    </Page>
  )
}

function noteOf(total: number, groups: readonly FiringGroup[]): string {
  if (total === 0) return ''
  const open = groups.filter(({ acknowledged }) => acknowledged === null).length
  return open === 0 ? `${total}, all acknowledged` : `${total}, nobody on ${open}`
}
