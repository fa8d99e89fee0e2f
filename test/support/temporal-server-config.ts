import { randomInt } from 'node:crypto'
import { isPortFree } from '../../cli/up/port.ts'

const parts = ['frontend', 'matching', 'history', 'worker'] as const
type Part = (typeof parts)[number]

/** A port of each part for requests, and one by which the parts find one another. */
export type TemporalPorts = Readonly<Record<Part, number> & { membership: Readonly<Record<Part, number>> }>

export async function temporalPorts(): Promise<TemporalPorts> {
  return { ...(await portOfEach()), membership: await portOfEach() }
}

/** Can't be changed once there is data. So few that an idle server is idle; enough that they aren't what two cores wait for. */
const historyShards = 64
/** Each history shard writes on its own; PostgreSQL takes 100 connections by default. */
const connectionsMax = 40

/** One process with all four parts, in the form of the server's configuration file. */
export function serverConfig({
  postgresUrl,
  ports,
  dynamicConfig,
}: Readonly<{ postgresUrl: string; ports: TemporalPorts; dynamicConfig: string }>): object {
  const store = (databaseName: string, connections: number): object => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${storeOf(postgresUrl).host}:${storeOf(postgresUrl).port}`,
      connectProtocol: 'tcp',
      user: storeOf(postgresUrl).user,
      password: storeOf(postgresUrl).password,
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  })
  const address = `127.0.0.1:${ports.frontend}`
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'main',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: { main: store('temporal', connectionsMax), visibility: store('temporal_visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(
      parts.map((part) => [part, { rpc: { grpcPort: ports[part], membershipPort: ports.membership[part], bindOnLocalHost: true } }]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: address } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    publicClient: { hostPort: address },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  }
}

/** What the address of a PostgreSQL says, in parts. */
export function storeOf(postgresUrl: string) {
  const { username, password, hostname, port } = new URL(postgresUrl)
  return { user: decodeURIComponent(username), password: decodeURIComponent(password), host: hostname, port }
}

async function portOfEach(): Promise<Record<Part, number>> {
  const [frontend, matching, history, worker] = [await lowPort(), await lowPort(), await lowPort(), await lowPort()]
  return { frontend, matching, history, worker }
}

/** The server keeps its parts' ports in a column of 15 bits, and systems hand out higher ones by themselves. */
async function lowPort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768)
    if (await isPortFree('127.0.0.1', port)) return port
  }
}
