import type { Receiver } from '../../data/receivers.ts'
import { Link } from '../../router/link.tsx'
import { Figures } from '../../ui/figures.tsx'
import { Time } from '../../ui/time.tsx'
import { Breaker } from '../receivers/breaker.tsx'

/** How it does: its breaker, what it took and didn't take last, what waits and what is dead. */
export function ReceiverHealth({ receiver: { name, health, unreadable } }: Readonly<{ receiver: Receiver }>) {
  if (health === null) return null
  const log = (status: string): string => `/deliveries?receiver=${encodeURIComponent(name)}${status === '' ? '' : `&status=${status}`}`
  const { breaker, last_success_at: well, last_failure_at: badly, last_failure: failure, open, dead } = health
  return (
    <>
      <Figures
        figures={[
          {
            label: 'Health',
            value: <Breaker health={health} unreadable={unreadable} />,
            note:
              breaker.until === null ? (
                'breaker closed'
              ) : (
                <>
                  next try <Time at={breaker.until} relative />
                </>
              ),
          },
          {
            label: 'Last delivered',
            value: well === null ? 'never' : <Time at={well} relative />,
            note: <Link href={log('')}>its log</Link>,
          },
          { label: 'Last failure', value: badly === null ? 'none' : <Time at={badly} relative /> },
          { label: 'Waiting', value: open },
          {
            label: 'Dead',
            value: dead,
            note: dead === 0 ? null : <Link href={log('dead')}>send again</Link>,
            look: dead === 0 ? 'plain' : 'bad',
          },
        ]}
      />
      {failure === null ? null : <p className="soft small">Its last failure: {failure}</p>}
    </>
  )
}
