/**
 * The Temporal dev server with a database file, and the search attributes that Tocsin's workflows set.
 * Never used where TEMPORAL_ADDRESS names a server, except for the search attributes. Read next: main.ts.
 */
import { Connection } from '@temporalio/client'
import { searchAttributeTypes } from '../../workflows/messages.ts'

export type DevServerOptions = Readonly<{ dbFile: string; port: number; uiPort: number; namespace: string; codecEndpoint: string }>

/** One partition for each task queue, so that priorities hold exactly, and a turn for each team. The four shards spread the load already. */
export const fairQueues: readonly string[] = [
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'matching.enableFairness=true',
].flatMap((value) => ['--dynamic-config-value', value])

/** Arguments of `temporal` for a server on loopback that keeps its state in `dbFile`. */
export function devServerArgs(options: DevServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--ui-port', String(options.uiPort)],
    // Without it the Web UI shows large payloads as Base64.
    ...['--ui-codec-endpoint', options.codecEndpoint],
    ...['--db-filename', options.dbFile, '--namespace', options.namespace, '--log-level', 'warn'],
    // Ten times the evaluations per second; it gives up the last moments on power loss, which the reconciler makes good.
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=off'],
    // One reader of the timer queue: lag at half load stays under half a second.
    ...['--dynamic-config-value', 'history.timerQueueMaxReaderCount=1'],
    ...fairQueues,
    ...Object.entries(searchAttributeTypes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ]
}

/** Numbers of temporal.api.enums.v1.IndexedValueType. */
const indexedValueTypes = { Keyword: 2, Int: 3, KeywordList: 7 } as const

/** Registers what the namespace lacks; may run any number of times. Rejects while the server can't answer. */
export async function ensureSearchAttributes(address: string, namespace: string): Promise<void> {
  // A server that just started refuses for a moment; whoever calls asks again.
  const connection = await Connection.connect({ address, connectTimeout: 2_000 })
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
    const missing = Object.entries(searchAttributeTypes).filter(([name]) => customAttributes[name] === undefined)
    if (missing.length === 0) return
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, indexedValueTypes[type]])),
    })
  } finally {
    await connection.close()
  }
}
