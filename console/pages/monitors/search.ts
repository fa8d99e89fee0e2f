import type { MonitorListSearch } from '../../data/keys.ts'
import { type SetSearch, useSearch } from '../../router/location.ts'

/** What the address says the list shows. */
export function useMonitorSearch(): readonly [MonitorListSearch, SetSearch] {
  const [search, setSearch] = useSearch()
  return [{ query: search.get('q') ?? '', sort: search.get('sort') ?? 'severity' }, setSearch]
}
