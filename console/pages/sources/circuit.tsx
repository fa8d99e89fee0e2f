import type { Source } from '../../data/sources.ts'
import { Flag } from '../../ui/flag.tsx'

type Given = Readonly<{ workers: Source['workers'] | null; unreadable: string | undefined }>

/** How workers find a source, the worst first. `workers` null = it isn't known yet. */
export function Circuit({ workers, unreadable }: Given) {
  if (unreadable !== undefined) return <Flag look="alert" text="unreadable" title={unreadable} />
  if (workers === null) return <span className="soft">…</span>
  if (workers.length === 0) return <Flag look="none" text="no worker has it yet" />
  const bad = workers.filter(({ circuit = 'closed' }) => circuit !== 'closed')
  const title = workers.map(({ last_failure: failure }) => failure?.reason ?? '').find((reason) => reason !== '') ?? ''
  if (bad.length > 0) return <Flag look="alert" text={`breaker open in ${bad.length} of ${workers.length}`} title={title} />
  return <Flag look="ok" text="fine" title={title} />
}
