/** Filters beside the list: what there is of each kind, how often, and which of it the search asks for. Read next: terms.ts. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { monitorFacetsQuery } from '../../data/monitors.ts'
import { Icon } from '../../ui/icon.tsx'
import './facets.css'
import { type TermKind, toggleValue, valuesOf, withoutKeys } from './terms.ts'

type Value = Readonly<{ value: string; label: string; count: number | null }>
type Facet = Readonly<{ key: string; title: string; kind: TermKind; values: readonly Value[] }>

const facetKeys = ['status', 'type', 'priority', 'muted', 'team', 'tag']
const statuses = ['Alert', 'Warn', 'No Data', 'OK']
const priorities = ['1', '2', '3', '4', '5']
/** Before one asks for more. */
const valuesShown = 8

export function Facets({ query, onQuery }: Readonly<{ query: string; onQuery: (query: string) => void }>) {
  // Counted without the filters: what one isn't looking at can still be chosen.
  const { data: counts } = useQuery({ ...monitorFacetsQuery(withoutKeys(query, facetKeys)), placeholderData: keepPreviousData })
  const countOf = (list: readonly Readonly<{ name: string | boolean; count: number }>[] | undefined, name: string): number | null =>
    list?.find((one) => String(one.name).toLowerCase() === name.toLowerCase())?.count ?? (list === undefined ? null : 0)
  const tags = (counts?.tag ?? []).map(({ name, count }) => ({ tag: String(name), count }))
  const facets: readonly Facet[] = [
    {
      key: 'status',
      title: 'State',
      kind: 'any',
      values: statuses.map((label) => ({ value: label.toLowerCase(), label, count: countOf(counts?.status, label) })),
    },
    {
      key: 'type',
      title: 'Type',
      kind: 'any',
      values: (counts?.type ?? []).map(({ name, count }) => ({ value: String(name), label: String(name).replaceAll('_', ' '), count })),
    },
    { key: 'priority', title: 'Priority', kind: 'any', values: priorities.map((value) => ({ value, label: `P${value}`, count: null })) },
    {
      key: 'muted',
      title: 'Muted',
      kind: 'any',
      values: [
        { value: 'true', label: 'Muted', count: countOf(counts?.muted, 'true') },
        { value: 'false', label: 'Not muted', count: countOf(counts?.muted, 'false') },
      ],
    },
    {
      key: 'team',
      title: 'Team',
      kind: 'any',
      values: tags
        .filter(({ tag }) => tag.startsWith('team:'))
        .map(({ tag, count }) => ({ value: tag.slice('team:'.length), label: tag.slice('team:'.length), count })),
    },
    {
      key: 'tag',
      title: 'Tag',
      kind: 'all',
      values: tags.filter(({ tag }) => !tag.startsWith('team:')).map(({ tag, count }) => ({ value: tag, label: tag, count })),
    },
  ]
  return (
    <div className="facets">
      {facets.map((facet) => (
        <FacetGroup key={facet.key} facet={facet} query={query} onQuery={onQuery} />
      ))}
    </div>
  )
}

function FacetGroup({ facet, query, onQuery }: Readonly<{ facet: Facet; query: string; onQuery: (query: string) => void }>) {
  const [all, setAll] = useState(false)
  const { key, title, kind, values } = facet
  const chosen = valuesOf(query, key)
  // What is asked for and isn't there can still be taken back.
  const gone = chosen.filter((value) => !values.some((one) => one.value === value)).map((value) => ({ value, label: value, count: 0 }))
  const listed = [...values, ...gone]
  const shown = all ? listed : listed.filter(({ value }, index) => index < valuesShown || chosen.includes(value))
  if (listed.length === 0) return null
  return (
    <fieldset className="facet">
      <legend>{title}</legend>
      {shown.map(({ value, label, count }) => (
        <label key={value} className={`facet-value${count === 0 ? ' soft' : ''}`}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onQuery(toggleValue(query, key, value, kind))} />
          <span className="cut" title={label}>
            {label}
          </span>
          <span className="facet-count">{count}</span>
        </label>
      ))}
      {listed.length > shown.length || all ? (
        <button type="button" className="facet-more" onClick={() => setAll(!all)}>
          <Icon name={all ? 'up' : 'down'} /> {all ? 'Fewer' : `${listed.length - shown.length} more`}
        </button>
      ) : null}
    </fieldset>
  )
}
