import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import type { ActivityPorts, Datasource } from './ports.ts'

/** Who answers for a monitor, for those that ask beside its evaluations; or a sentence about why nobody does. */
export type AskedSource = Readonly<{ source: Datasource; name: string } | { problem: string }>

/** Rejects with SourceError while nobody knows which sources there are. `doing` is what its workers don't do. */
export async function askedSource(
  { sources }: Pick<ActivityPorts, 'sources'>,
  spec: Pick<MonitorSpec, 'type' | 'tags' | 'datasource'>,
  doing: string,
): Promise<AskedSource> {
  const found = await sources.find(spec)
  if ('missing' in found) return { problem: found.missing }
  if ('elsewhere' in found) return { problem: `its source is asked by the workers of the queue ${found.elsewhere} only, and they ${doing}` }
  return found
}
