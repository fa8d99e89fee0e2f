import type { Health } from '../../data/receivers.ts'
import { Flag } from '../../ui/flag.tsx'

/** How a receiver does, in a word or two; what it answered last is said on hover. */
export function Breaker({ health, unreadable }: Readonly<{ health: Health | null; unreadable: string | undefined }>) {
  if (unreadable !== undefined) return <Flag look="alert" text="unreadable" title={unreadable} />
  if (health === null) return <Flag look="ok" text="fine" />
  const { breaker, paused_until: paused, last_failure: failure, last_success_at: well, last_failure_at: badly } = health
  const title = failure ?? ''
  if (breaker.state === 'open') return <Flag look="alert" text="down: breaker open" title={title} />
  if (breaker.state === 'half-open') return <Flag look="warn" text="tried again now" title={title} />
  if (paused !== null) return <Flag look="warn" text="asked for a pause" title={title} />
  if (badly !== null && (well === null || badly > well)) return <Flag look="warn" text="failed last time" title={title} />
  return <Flag look="ok" text={well === null ? 'not used yet' : 'fine'} />
}
