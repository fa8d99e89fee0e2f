import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type DeliverySearch, keys } from '../../data/keys.ts'
import { deliveryPagesQuery, redriveDeliveries } from '../../data/monitor-history.ts'
import { Button } from '../../ui/button.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'
import { PagesOf } from '../monitor/pages-of.tsx'
import { LogRow } from './log-row.tsx'

/** No event tells how a message fares. */
const everyMs = 5_000

export function Log({ search }: Readonly<{ search: DeliverySearch }>) {
  const client = useQueryClient()
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const pages = useInfiniteQuery({ ...deliveryPagesQuery(search), refetchInterval: everyMs })
  const dead = (pages.data?.pages.flatMap(({ rows }) => rows) ?? []).filter(({ status }) => status === 'dead').map(({ id }) => id)
  const ids = dead.filter((id) => chosen.has(id))
  const { mutate, isPending } = useMutation({
    mutationFn: redriveDeliveries,
    onSuccess: ({ count }) => {
      sayDone(count === 1 ? 'One message is sent again' : `${count} messages are sent again`)
      setChosen(new Set())
    },
    onError: (error) => sayProblem(error, 'Sending again'),
    onSettled: () =>
      void Promise.all([client.invalidateQueries({ queryKey: keys.deliveries }), client.invalidateQueries({ queryKey: keys.receivers })]),
  })
  const choose = (id: number, isChosen: boolean): void =>
    setChosen(new Set(isChosen ? [...chosen, id] : [...chosen].filter((each) => each !== id)))
  return (
    <>
      {dead.length === 0 ? null : (
        <div className="deliveries-bulk">
          <Button onClick={() => setChosen(new Set(ids.length === dead.length ? [] : dead))}>
            {ids.length === dead.length ? 'Choose none' : `Choose ${dead.length} dead`}
          </Button>
          <Button kind="primary" busy={isPending} disabled={ids.length === 0} onClick={() => mutate(ids)}>
            Send {ids.length} again
          </Button>
        </div>
      )}
      <PagesOf
        pages={pages}
        label="Deliveries"
        columns={['Chosen', 'When', 'Monitor', 'Receiver', 'Message', 'Status', 'Last answer', 'Details']}
        none="No message is like that"
        row={(delivery) => (
          <LogRow
            key={delivery.id}
            delivery={delivery}
            isChosen={chosen.has(delivery.id)}
            isBusy={isPending}
            onChosen={(isChosen) => choose(delivery.id, isChosen)}
            onRedrive={() => mutate([delivery.id])}
          />
        )}
      />
    </>
  )
}
