/** Messages of all monitors and what became of them; the dead ones can be sent again. Read next: log.tsx, ../monitor/tries.tsx. */
import { useQuery } from '@tanstack/react-query'
import { receiversQuery } from '../../data/receivers.ts'
import { useSearch } from '../../router/location.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Segments } from '../../ui/segments.tsx'
import './deliveries.css'
import { Log } from './log.tsx'

const statuses = [
  { value: '', label: 'All' },
  { value: 'pending,retrying', label: 'Under way' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'dead', label: 'Dead' },
  { value: 'merged', label: 'Part of another' },
] as const

export default function DeliveriesPage() {
  const [search, setSearch] = useSearch()
  const { data: receivers } = useQuery(receiversQuery)
  const given = (name: string): string => search.get(name) ?? ''
  const asked = { receiver: given('receiver'), status: given('status'), monitor_id: given('monitor_id'), group: given('group') }
  const status = statuses.find(({ value }) => value === asked.status)?.value ?? ''
  const names = [...new Set([...(receivers ?? []).map(({ name }) => name), ...(asked.receiver === '' ? [] : [asked.receiver])])]
  return (
    <Page title="Deliveries" note="What became of messages">
      <div className="deliveries-search">
        <Segments label="Status" options={statuses} value={status} onValue={(value) => setSearch({ status: value })} />
        <SelectField label="Receiver" value={asked.receiver} onChange={({ target }) => setSearch({ receiver: target.value })}>
          <option value="">all</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <TextField
          label="Monitor"
          placeholder="its number"
          inputMode="numeric"
          value={asked.monitor_id}
          onChange={({ target }) => setSearch({ monitor_id: target.value.replace(/\D/g, '') }, { replace: true })}
        />
        <TextField
          label="Group"
          placeholder="host:web-1"
          value={asked.group}
          onChange={({ target }) => setSearch({ group: target.value }, { replace: true })}
        />
      </div>
      <Log key={JSON.stringify(asked)} search={asked} />
    </Page>
  )
}
