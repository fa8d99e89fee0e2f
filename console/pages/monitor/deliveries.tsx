/** Messages and what became of them; the dead ones can be sent again. Read next: tries.tsx, ../../data/monitor-history.ts. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '../../data/keys.ts'
import { type Delivery, deliveriesQuery, redriveDelivery, redriveOfMonitor } from '../../data/monitor-history.ts'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'
import { PagesOf } from './pages-of.tsx'
import { Tries } from './tries.tsx'

/** No event tells how a message fares: while some are on their way they are looked at anew. */
const openAgainMs = 2_000
const restAgainMs = 15_000

export function Deliveries({ id }: Readonly<{ id: number }>) {
  const client = useQueryClient()
  const [open, setOpen] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)
  const pages = useInfiniteQuery({
    ...deliveriesQuery(id),
    refetchInterval: ({ state }) => (state.data?.pages.some(({ rows }) => rows.some(isOpen)) === true ? openAgainMs : restAgainMs),
  })
  const dead = pages.data?.pages.flatMap(({ rows }) => rows).filter(({ status }) => status === 'dead').length ?? 0

  const redrive = async (run: () => Promise<unknown>): Promise<void> => {
    setBusy(true)
    try {
      await run()
      sayDone('Sent again')
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.monitor(id, 'deliveries') }),
        client.invalidateQueries({ queryKey: keys.deliveries }),
      ])
    } catch (error) {
      sayProblem(error, 'Sending again')
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {dead === 0 ? null : (
        <p className="dead-note" role="status">
          {dead === 1 ? 'One message' : `${dead} messages`} could not be delivered, and will not be tried again by themselves.
          <Button busy={busy} onClick={() => void redrive(() => redriveOfMonitor(id))}>
            Send all of them again
          </Button>
        </p>
      )}
      <PagesOf
        pages={pages}
        label="Deliveries"
        columns={['When', 'Receiver', 'Message', 'Status', 'Attempts', 'Last answer', '']}
        none="Nobody was to be told anything yet"
        row={(delivery) => [
          <tr key={delivery.id}>
            <td className="nowrap">
              <Time at={delivery.created_at} />
            </td>
            <td className="nowrap">{delivery.receiver}</td>
            <td>{delivery.title}</td>
            <td className="nowrap">
              <span className={`sent sent-${delivery.status}`}>{words[delivery.status]}</span>
            </td>
            <td className="number">{delivery.attempts}</td>
            <td>{delivery.detail ?? <span className="soft">–</span>}</td>
            <td className="nowrap">
              <Button
                kind="quiet"
                aria-expanded={open === delivery.id}
                aria-label={`Attempts of ${delivery.title} to ${delivery.receiver}`}
                onClick={() => setOpen(open === delivery.id ? null : delivery.id)}
              >
                Attempts
              </Button>
              {delivery.status === 'dead' ? (
                <Button busy={busy} onClick={() => void redrive(() => redriveDelivery(delivery.id))}>
                  Send again
                </Button>
              ) : null}
            </td>
          </tr>,
          open === delivery.id ? (
            <tr key={`${delivery.id}-tries`}>
              <td colSpan={7}>
                <Tries id={delivery.id} />
              </td>
            </tr>
          ) : null,
        ]}
      />
    </>
  )
}

const words: Readonly<Record<Delivery['status'], string>> = {
  pending: 'waits',
  retrying: 'tried again',
  delivered: 'delivered',
  dead: 'failed',
  merged: 'part of another',
}

const isOpen = ({ status }: Delivery): boolean => status === 'pending' || status === 'retrying'
