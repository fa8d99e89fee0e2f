import { useInfiniteQuery } from '@tanstack/react-query'
import { evaluationsQuery } from '../../data/monitor-history.ts'
import { Time } from '../../ui/time.tsx'
import { PagesOf } from './pages-of.tsx'
import { lengthText, valueText } from './words.ts'

const outcomes: Readonly<Record<string, string>> = {
  evaluated: 'evaluated',
  'caught-up': 'caught up later',
  skipped: 'skipped',
  failed: 'failed',
}

/** Each slot, what came of it, and what its source was asked. */
export function Evaluations({ id }: Readonly<{ id: number }>) {
  const pages = useInfiniteQuery(evaluationsQuery(id))
  return (
    <PagesOf
      pages={pages}
      label="Evaluations"
      columns={['Slot', 'Outcome', 'Groups', 'Values', 'Took', 'Asked of the source']}
      none="Nothing is evaluated yet"
      row={({ slot, at, outcome, reason, groups, min, max, duration_ms: took, query, as_of: asOf }) => (
        <tr key={`${slot}-${at}`}>
          <td className="nowrap">
            <Time at={slot} />
          </td>
          <td>
            <span className={outcome === 'failed' ? 'failed' : undefined}>{outcomes[outcome] ?? outcome}</span>
            {reason === null ? null : <span className="soft small block">{reason}</span>}
          </td>
          <td className="number">{groups.toLocaleString()}</td>
          <td className="nowrap">{min === null ? '–' : min === max ? valueText(min) : `${valueText(min)} to ${valueText(max)}`}</td>
          <td className="number">{lengthText(took)}</td>
          <td>
            <code className="asked">{query ?? '–'}</code>
            {asOf === null ? null : (
              <span className="soft small block">
                as of <Time at={asOf} />
              </span>
            )}
          </td>
        </tr>
      )}
    />
  )
}
