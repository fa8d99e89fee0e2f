import { useMemo } from 'react'
import type { MonitorListSearch } from '../../data/keys.ts'
import { type SetSearch, useSearch } from '../../router/location.ts'

/** What the address says the list shows; the same object until it says something else. */
export function useMonitorSearch(): readonly [MonitorListSearch, SetSearch] {
  const [search, setSearch] = useSearch()
  const query = search.get('q') ?? ''
  const sort = search.get('sort') ?? 'severity'
  return [useMemo(() => ({ query, sort }), [query, sort]), setSearch]
}
