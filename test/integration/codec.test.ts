/** Compressed histories are read by Temporal's own CLI through the codec endpoint. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { dataConverter } from '../../adapters/temporal/codec.ts'
import { type Api, startApi } from '../api/harness.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'

const run = promisify(execFile)
let namespace: TestNamespace
let api: Api
beforeAll(async () => {
  namespace = await createTestNamespace()
  api = await startApi()
})
afterAll(async () => {
  await api.close()
  await namespace.close()
})

/** Output of the CLI, which is the program that people use. */
async function temporal(...args: string[]): Promise<string> {
  const program = inject('temporalPath') ?? 'temporal'
  const { stdout } = await run(program, [...args, '--address', namespace.address, '--namespace', namespace.name], {
    maxBuffer: 64 * 2 ** 20,
  })
  return stdout
}

const throughEndpoint = (): string[] => ['--codec-endpoint', `${api.url}/codec`]
const groups = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`host:web-${n}`, { status: 'OK' }]))

test('`temporal workflow show` reads what was compressed through the codec endpoint, and not without it', async () => {
  const workflowId = 'compressed'
  await namespace.client.workflow.start('nobody-runs-this', { workflowId, taskQueue: 'nobody', args: [{ groups }], memo: { groups } })
  const show = ['workflow', 'show', '--workflow-id', workflowId, '--detailed']
  expect(await temporal(...show, ...throughEndpoint())).toContain('host:web-299')
  vi.stubEnv('TEMPORAL_CODEC_ENDPOINT', `${api.url}/codec`)
  expect(await temporal(...show)).toContain('host:web-299')
  vi.unstubAllEnvs()
  const raw = await temporal(...show)
  expect(raw).not.toContain('host:web-299')
  expect(raw).toContain(Buffer.from('binary/zstd').toString('base64'))
})

test('what the CLI sends through the endpoint, clients read', async () => {
  const workflowId = 'from-the-cli'
  const input = JSON.stringify({ groups })
  await temporal(
    'workflow',
    'start',
    '--workflow-id',
    workflowId,
    '--type',
    'nobody-runs-this',
    '--task-queue',
    'nobody',
    '--input',
    input,
    ...throughEndpoint(),
  )
  const { events } = await namespace.client.workflow.getHandle(workflowId).fetchHistory()
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]
  expect(Buffer.from(payload?.metadata?.encoding ?? []).toString()).toBe('binary/zstd')
  const [decoded] = (await dataConverter.payloadCodecs?.[0]?.decode(payload ? [payload] : [])) ?? []
  expect(JSON.parse(Buffer.from(decoded?.data ?? []).toString())).toEqual({ groups })
})
