import { randomBytes } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import proto from '@temporalio/proto'
import { NativeConnection } from '@temporalio/worker'
import { inject } from 'vitest'
import { dataConverter } from '../../adapters/temporal/codec.ts'
import { searchAttributeTypes } from '../../workflows/messages.ts'
import { until } from './until.ts'

export type TestNamespace = Readonly<{
  name: string
  address: string
  /** For clients. */
  connection: Connection
  client: Client
  /** For workers. */
  nativeConnection: NativeConnection
  close: () => Promise<void>
}>

/** A Temporal namespace of this test file's own on the shared dev server or another one, with the search attributes of monitors. */
export async function createTestNamespace(address = inject('temporalAddress')): Promise<TestNamespace> {
  const name = `test-${randomBytes(6).toString('hex')}`
  const connection = await Connection.connect({ address })
  await connection.workflowService.registerNamespace({
    namespace: name,
    // The shortest retention that the server takes.
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  })
  // The server's components hear of a namespace one after the other.
  await until(`search attributes in ${name}`, () => addSearchAttributes(connection, name))
  const client = new Client({ connection, namespace: name, dataConverter })
  await until(`namespace ${name}`, () => knowsSearchAttributes(client))
  const nativeConnection = await NativeConnection.connect({ address })
  return {
    name,
    address,
    connection,
    client,
    nativeConnection,
    close: async () => {
      await nativeConnection.close()
      await connection.close()
    },
  }
}

/** False while the server doesn't take them yet. */
export async function addSearchAttributes(connection: Connection, namespace: string): Promise<boolean> {
  const { INDEXED_VALUE_TYPE_INT, INDEXED_VALUE_TYPE_KEYWORD, INDEXED_VALUE_TYPE_KEYWORD_LIST } =
    proto.temporal.api.enums.v1.IndexedValueType
  const types = { Int: INDEXED_VALUE_TYPE_INT, Keyword: INDEXED_VALUE_TYPE_KEYWORD, KeywordList: INDEXED_VALUE_TYPE_KEYWORD_LIST }
  const searchAttributes = Object.fromEntries(Object.entries(searchAttributeTypes).map(([name, type]) => [name, types[type]]))
  return connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).then(
    () => true,
    () => false,
  )
}

/** Lists only know an attribute once visibility has heard of it; starts of workflows only then accept it. */
async function knowsSearchAttributes(client: Client): Promise<boolean> {
  const query = Object.keys(searchAttributeTypes)
    .map((name) => `${name} is null`)
    .join(' and ')
  return client.workflow.count(query).then(
    () => true,
    () => false,
  )
}
