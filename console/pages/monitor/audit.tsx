/** Who did what, and what an edit changed, field by field. Read next: ../../data/monitor-history.ts. */
import { useInfiniteQuery } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { type AuditEvent, auditQuery } from '../../data/monitor-history.ts'
import { Time } from '../../ui/time.tsx'
import { PagesOf } from './pages-of.tsx'

export function Audit({ id }: Readonly<{ id: number }>) {
  const pages = useInfiniteQuery(auditQuery(id))
  return (
    <PagesOf
      pages={pages}
      label="Audit"
      columns={['When', 'Who', 'What', 'Details']}
      none="Nobody has done anything"
      row={(event) => (
        <tr key={event.id}>
          <td className="nowrap">
            <Time at={event.at} />
          </td>
          <td className="nowrap">{event.actor}</td>
          <td className="nowrap">{event.action.replace(/^monitor\./, '').replaceAll(/[._-]/g, ' ')}</td>
          <td>
            <Details detail={event.detail} />
          </td>
        </tr>
      )}
    />
  )
}

const edit = z.object({
  changes: z.array(z.object({ field: z.string(), from: z.optional(z.unknown()), to: z.optional(z.unknown()) })),
})

function Details({ detail }: Readonly<{ detail: AuditEvent['detail'] }>) {
  const edited = edit.safeParse(detail)
  const { changes: _, ...rest } = detail
  const others = Object.entries(rest).filter(([, value]) => value !== null)
  return (
    <>
      {edited.success ? (
        <ul className="diff" aria-label="What changed">
          {edited.data.changes.map(({ field, from, to }) => (
            <li key={field}>
              <strong>{field}</strong>
              {from === undefined && to === undefined ? (
                <span className="soft"> is another</span>
              ) : (
                <>
                  <del>
                    <span className="visually-hidden">from </span>
                    {textOf(from)}
                  </del>
                  <ins>
                    <span className="visually-hidden">to </span>
                    {textOf(to)}
                  </ins>
                </>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {others.length === 0 ? null : (
        <p className="soft small">{others.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${textOf(value)}`).join(' · ')}</p>
      )}
    </>
  )
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
