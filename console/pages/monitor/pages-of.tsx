/** Rows that come in pages: the first at once, more when they are asked for. Read next: ../../data/monitor-history.ts. */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Empty, Problem, Skeleton } from '../../ui/notes.tsx'
import '../../ui/table.css'
import './log.css'

type Pages<Row> = UseInfiniteQueryResult<InfiniteData<Readonly<{ rows: readonly Row[] }>>>

type Given<Row> = Readonly<{
  pages: Pages<Row>
  label: string
  /** Labels of the columns. */
  columns: readonly string[]
  none: string
  row: (row: Row) => ReactNode
}>

export function PagesOf<Row>({ pages, label, columns, none, row }: Given<Row>) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  if (data === undefined) return error === null ? <Skeleton rows={8} /> : <Problem error={error} retry={() => void refetch()} />
  const rows = data.pages.flatMap((page) => page.rows)
  if (rows.length === 0) return <Empty title={none} />
  return (
    <>
      {error === null ? null : <Problem error={error} />}
      <div className="table-scroll">
        <table className="table log" aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{rows.map(row)}</tbody>
        </table>
      </div>
      {hasNextPage ? (
        <p className="log-more">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older ones
          </Button>
        </p>
      ) : null}
    </>
  )
}
