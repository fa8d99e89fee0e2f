/**
 * Clients of a cell's Temporal. A lazy one connects with its first call, so that a process starts and serves while
 * Temporal is away. Never decides what is run: that is runtime.ts.
 * Read next: runtime.ts.
 */
import { Client, type ClientOptions, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client'
import type { Cell } from '../../temporal.config.ts'
import { dataConverter } from './codec.ts'

export type TemporalClient = Readonly<{
  client: Client
  /** Whether Temporal answers at all, within two seconds. Never rejects. */
  reachable: () => Promise<boolean>
  close: () => Promise<void>
}>

/**
 * Four tries within a second. The client's own default goes on for longer than anybody waits here, and past the deadline of
 * the call: a request is answered without Temporal, and the reconciler makes up for it.
 */
const retries = defaultGrpcRetryOptions({ maxAttempts: 4, maxIntervalMs: () => 500 })

/** Once Temporal is back, calls work again within this time; the default waits for up to two minutes between looks. */
const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2_000 }

/** `plugins`: tracing, where it is on. */
export function lazyTemporalClient(cell: Cell, plugins: ClientOptions['plugins'] = []): TemporalClient {
  const connection = Connection.lazy({ address: cell.address, interceptors: [makeGrpcRetryInterceptor(retries)], channelArgs })
  return {
    // A query never answers from a workflow that has ended: its state says nothing about now.
    client: new Client({
      connection,
      namespace: cell.namespace,
      dataConverter,
      plugins,
      workflow: { queryRejectCondition: 'NOT_OPEN' },
    }),
    reachable: () => isReachable(connection),
    close: () => connection.close(),
  }
}

/** A probe that takes longer answers for nobody: whoever asks for readiness has given up by then. */
const probeTimeoutMs = 2_000

async function isReachable(connection: Connection): Promise<boolean> {
  return connection
    .withDeadline(Date.now() + probeTimeoutMs, () => connection.workflowService.getSystemInfo({}))
    .then(
      () => true,
      () => false,
    )
}
