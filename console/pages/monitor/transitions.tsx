import { useInfiniteQuery } from '@tanstack/react-query'
import { transitionsQuery } from '../../data/monitor-history.ts'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { Time } from '../../ui/time.tsx'
import { PagesOf } from './pages-of.tsx'
import { decisionText, reasonText, valueText } from './words.ts'

/** What was decided, and why; whether somebody was told, and why not. */
export function Transitions({ id }: Readonly<{ id: number }>) {
  const pages = useInfiniteQuery(transitionsQuery(id))
  return (
    <PagesOf
      pages={pages}
      label="Transitions"
      columns={['When', 'Group', 'Change', 'Value', 'Why']}
      none="Nothing has changed yet"
      row={({ sequence, at, group, from, to, value, threshold, reason, notify }) => (
        <tr key={sequence}>
          <td className="nowrap">
            <Time at={at} />
          </td>
          <td>{group === '*' ? 'all' : group}</td>
          <td className="nowrap">
            {from === to ? null : (
              <>
                <span className="soft">{from}</span> →{' '}
              </>
            )}
            <Status status={to} />
          </td>
          <td className="nowrap">
            {valueText(value)}
            {threshold === null ? null : <span className="soft"> / {valueText(threshold)}</span>}
          </td>
          <td>
            {reasonText(reason)}
            <br />
            <span className="soft small">
              <Icon name={notify.send ? 'bell' : 'muted'} /> {decisionText(notify)}
            </span>
          </td>
        </tr>
      )}
    />
  )
}
