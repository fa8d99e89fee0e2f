import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { type DowntimeAttributes, downtimePreviewQuery } from '../../data/downtimes.ts'
import { monitorPageQuery } from '../../data/monitors.ts'
import { Problem } from '../../ui/notes.tsx'
import { spanText } from './words.ts'

const namesShown = 4

/** When it would hold next, and whom it is about now. */
export function Foreseen({ attributes }: Readonly<{ attributes: DowntimeAttributes }>) {
  const asked = useDeferredValue(attributes)
  const { data, error } = useQuery({ ...downtimePreviewQuery(asked), placeholderData: keepPreviousData })
  const found = useQuery({ ...monitorPageQuery({ query: searchOf(asked), sort: 'name' }, 0), placeholderData: keepPreviousData })
  const total = found.data?.metadata.total_count
  const names = found.data?.monitors.slice(0, namesShown).map(({ name }) => name) ?? []
  return (
    <section className="downtime-preview" aria-label="What it comes to" aria-live="polite">
      <strong>Next</strong>
      {error === null ? null : <Problem error={error} />}
      {data === undefined || error !== null ? null : (
        <ol>
          {data.map(({ start, end }) => (
            <li key={start}>{spanText({ start, end })}</li>
          ))}
        </ol>
      )}
      {data?.length === 0 && error === null ? <p>It never comes.</p> : null}
      {total === undefined ? null : (
        <p className="soft">
          {total === 1 ? 'One monitor' : `${total.toLocaleString()} monitors`} now{names.length === 0 ? '' : `: ${names.join(', ')}`}
          {total > names.length ? ' …' : ''}
        </p>
      )}
    </section>
  )
}

/** The same monitors in the language of searches. */
function searchOf({ monitor_identifier: whom }: DowntimeAttributes): string {
  if (typeof whom !== 'object' || whom === null) return ''
  if ('monitor_id' in whom) return `id:${String(whom.monitor_id)}`
  const tags: unknown = 'monitor_tags' in whom ? whom.monitor_tags : []
  const named = Array.isArray(tags) ? tags.map(String).filter((tag) => tag !== '*') : []
  return named.map((tag) => `tag:"${tag.replaceAll('"', '')}"`).join(' ')
}
