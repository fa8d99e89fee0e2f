/**
 * One monitor: how it is, what it did over a time, and why. The address holds the time, the group that is looked at, and the tab.
 * Read next: timeline.tsx, actions.tsx, facts.tsx.
 */
import { useQuery } from '@tanstack/react-query'
import { type Monitor, monitorDowntimesQuery, monitorQuery, monitorStatusQuery } from '../../data/monitor.ts'
import type { PageProps } from '../../pages.ts'
import { useSearch } from '../../router/location.ts'
import { useCommands } from '../../shell/commands.ts'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Actions } from './actions.tsx'
import { Audit } from './audit.tsx'
import { Deliveries } from './deliveries.tsx'
import { Evaluations } from './evaluations.tsx'
import { Facts } from './facts.tsx'
import { Groups } from './groups.tsx'
import './page.css'
import { useRange } from './range.ts'
import { Timeline } from './timeline.tsx'
import { Transitions } from './transitions.tsx'

const tabs = [
  ['groups', 'Groups'],
  ['transitions', 'Transitions'],
  ['evaluations', 'Evaluations'],
  ['deliveries', 'Deliveries'],
  ['audit', 'Audit'],
  ['message', 'Message'],
] as const

export default function MonitorPage({ parameters: { id = '' } }: PageProps) {
  const monitor = useQuery(monitorQuery(id))
  if (monitor.data === undefined) {
    return (
      <Page title={`Monitor ${id}`}>
        {monitor.error === null ? (
          <Skeleton rows={10} height={20} />
        ) : (
          <Problem error={monitor.error} retry={() => void monitor.refetch()} />
        )}
      </Page>
    )
  }
  return <Shown monitor={monitor.data} key={monitor.data.id} />
}

function Shown({ monitor }: Readonly<{ monitor: Monitor }>) {
  const { id, name } = monitor
  const [search, setSearch] = useSearch()
  const status = useQuery(monitorStatusQuery(id))
  const downtimes = useQuery(monitorDowntimesQuery(id))
  const range = useRange()
  const group = search.get('group')
  const tab = search.get('tab') ?? 'groups'
  const setTab = (next: string): void => setSearch({ tab: next === 'groups' ? null : next }, { replace: true })
  const onGroup = (next: string | null): void => setSearch({ group: next }, { replace: true })
  useCommands(
    tabs.map(([key, label], index) => ({
      id: `tab-${key}`,
      label,
      group: 'This monitor',
      keys: String(index + 1),
      run: () => setTab(key),
    })),
  )
  const muted = Object.keys(monitor.options.silenced ?? {}).length > 0
  return (
    <Page title={name} note={`#${id}`}>
      <Facts monitor={monitor} status={status.data} downtimes={muted ? [] : (downtimes.data ?? [])} />
      <Actions monitor={monitor} status={status.data} {...{ group, muted }} />
      {status.error === null ? null : <Problem error={status.error} />}
      <Timeline {...{ id, range, group, onGroup }} />
      <Tabs label="More about this monitor" tabs={tabs} current={tab} onTab={setTab}>
        <TabOf tab={tab} id={id} message={monitor.message} group={group} onGroup={onGroup} />
      </Tabs>
    </Page>
  )
}

type TabGiven = Readonly<{ tab: string; id: number; message: string; group: string | null; onGroup: (group: string | null) => void }>

function TabOf({ tab, id, message, group, onGroup }: TabGiven) {
  switch (tab) {
    case 'transitions':
      return <Transitions id={id} />
    case 'evaluations':
      return <Evaluations id={id} />
    case 'deliveries':
      return <Deliveries id={id} />
    case 'audit':
      return <Audit id={id} />
    case 'message':
      return <pre className="message">{message === '' ? 'It says nothing of its own.' : message}</pre>
    default:
      return <Groups {...{ id, group, onGroup }} />
  }
}
