/**
 * All monitors: searched in the API's language, narrowed by filters, chosen and dealt with. The address holds the search and its order.
 * Read next: list.tsx, facets.tsx, terms.ts, first-steps.tsx.
 */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { keys } from '../../data/keys.ts'
import { type ListedMonitor, monitorPageQuery, monitorsChosenMax, monitorsOf } from '../../data/monitors.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Page } from '../../ui/page.tsx'
import { sayProblem } from '../../ui/toasts.tsx'
import { Bulk } from './bulk.tsx'
import { Facets } from './facets.tsx'
import { FirstSteps } from './first-steps.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { MonitorList } from './list.tsx'
import { NewMonitor } from './new-monitor.tsx'
import './page.css'
import { useMonitorSearch } from './search.ts'
import { SearchBox } from './search-box.tsx'
import { toggleValue } from './terms.ts'
import { ViewsBar } from './views-bar.tsx'

type Chosen = Readonly<{ of: string; chosen: ReadonlyMap<number, ListedMonitor> }>

const none: ReadonlyMap<number, ListedMonitor> = new Map()

/** What was chosen in another search isn't seen any more: nothing is done to it. */
const chosenIn = ({ of, chosen }: Chosen, query: string): ReadonlyMap<number, ListedMonitor> => (of === query ? chosen : none)

export default function MonitorsPage() {
  const [search, setSearch] = useMonitorSearch()
  const { query, sort } = search
  const client = useQueryClient()
  const { data } = useQuery({ ...monitorPageQuery(search, 0), placeholderData: keepPreviousData })
  const [selection, setSelection] = useState<Chosen>({ of: query, chosen: none })
  const [active, setActive] = useState(0)
  const [open, setOpen] = useState<'filters' | 'import' | null>(null)
  const [dropped, setDropped] = useState<readonly File[]>([])
  const chosen = chosenIn(selection, query)
  const setQuery = useCallback((text: string) => setSearch({ q: text }, { replace: true }), [setSearch])
  const pickTag = useCallback((tag: string) => setSearch({ q: toggleValue(query, 'tag', tag, 'all') }), [setSearch, query])
  const total = data?.metadata.total_count

  // Stays the same while rows are chosen: only the row that changes is drawn anew.
  const toggle = useCallback(
    (monitor: ListedMonitor): void =>
      setSelection((before) => {
        const next = new Map(chosenIn(before, query))
        if (!next.delete(monitor.id)) next.set(monitor.id, monitor)
        return { of: query, chosen: next }
      }),
    [query],
  )
  const clear = (): void => setSelection({ of: query, chosen: none })
  const toggleAll = async (): Promise<void> => {
    if (chosen.size > 0) return clear()
    try {
      const all = await monitorsOf(search)
      setSelection({ of: query, chosen: new Map(all.map((monitor) => [monitor.id, monitor])) })
      if (total !== undefined && total > monitorsChosenMax)
        sayProblem(`Only the first ${monitorsChosenMax} are chosen: nobody oversees more`)
    } catch (error) {
      sayProblem(error, 'Choosing all')
    }
  }
  const startImport = (files: readonly File[]): void => {
    setDropped(files)
    setOpen('import')
  }
  const isFirst = total === 0 && query === ''
  const actions = (
    <>
      <Button icon="file" onClick={() => startImport([])}>
        Import
      </Button>
      <NewMonitor />
    </>
  )

  return (
    <section
      className="monitors-drop"
      aria-label="Monitors; files can be dropped here"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        if (event.dataTransfer.files.length > 0) startImport([...event.dataTransfer.files])
      }}
    >
      <Page title="Monitors" note={total === undefined || isFirst ? null : total.toLocaleString()} actions={actions} fill>
        {isFirst ? (
          <FirstSteps onImport={() => startImport([])} />
        ) : (
          <>
            <div className="monitors-top">
              <SearchBox query={query} onQuery={setQuery} />
              <Button className="monitors-filter" icon="filter" onClick={() => setOpen('filters')}>
                Filters
              </Button>
            </div>
            <ViewsBar />
            <div className="monitors-columns">
              <aside aria-label="Filters">
                <Facets query={query} onQuery={(text) => setSearch({ q: text })} />
              </aside>
              <MonitorList
                search={search}
                selection={{ chosen, toggle, toggleAll: () => void toggleAll(), active, setActive }}
                onSort={(next) => setSearch({ sort: next === 'severity' ? null : next })}
                onTag={pickTag}
              />
            </div>
          </>
        )}
      </Page>
      <Bulk
        chosen={chosen}
        onClear={clear}
        onDone={() => {
          clear()
          void client.invalidateQueries({ queryKey: keys.monitors })
        }}
      />
      {open === 'filters' ? (
        <Dialog title="Filters" onClose={() => setOpen(null)}>
          <Facets query={query} onQuery={(text) => setSearch({ q: text })} />
        </Dialog>
      ) : null}
      {open === 'import' ? <ImportDialog files={dropped} onClose={() => setOpen(null)} /> : null}
      <p className="visually-hidden" role="status">
        {total === undefined ? '' : `${total} monitors, in the order of ${sort}`}
      </p>
    </section>
  )
}
