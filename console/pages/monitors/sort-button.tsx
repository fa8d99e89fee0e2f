import { Icon } from '../../ui/icon.tsx'

type Given = Readonly<{ field: string; label: string; sort: string; onSort: (sort: string) => void }>

/** The head of a column, by which lists are ordered: once this way, once the other. */
export function SortButton({ field, label, sort, onSort }: Given) {
  const [sorted, direction = 'asc'] = sort.split(',')
  const isSorted = sorted === field
  const descending = direction === 'desc'
  return (
    <span role="columnheader" aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="sort-button" onClick={() => onSort(isSorted && !descending ? `${field},desc` : field)}>
        {label}
        {isSorted ? <Icon name={descending ? 'down' : 'up'} /> : null}
      </button>
    </span>
  )
}
