/**
 * The replay gate: the workflows of this checkout must do what each recorded history says, or running workflows would break
 * when a worker with this code takes them over. When it fails, guard the change with `patched` (workflows/versions.ts);
 * histories of released versions are never recorded again. Read next: record.ts.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { WorkflowBundle } from '@temporalio/worker'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodePayload, encodePayload } from '../../adapters/temporal/codec.ts'
import { replayHistory } from '../../cli/replay/replay.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import * as messages from '../../workflows/messages.ts'
import { quietRuntime } from '../support/temporal.ts'
import { type EditableHistory, edits } from './edits.ts'

const folder = new URL('./histories/', import.meta.url)

type Recorded = Readonly<{ file: string; json: EditableHistory }>

const recorded: readonly Recorded[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({ file, json: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) }))

let bundle: WorkflowBundle
beforeAll(async () => {
  quietRuntime()
  bundle = await bundleWorkflows()
})

describe('every recorded history replays', () => {
  test.each(recorded.map(({ file, json }) => [file, json] as const))('%s', async (_file, json) => {
    expect(await replayHistory(bundle, json)).toEqual({ kind: 'replayed', events: json.events.length })
  })
})

describe('what the histories hold', () => {
  test.each(['monitor', 'notify', 'deliver', 'reconcile'])('some of the workflow %s', (type) => {
    expect(recorded.filter(({ json }) => json.events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name === type)).not.toEqual(
      [],
    )
  })

  const texts = recorded.map(({ json }) => JSON.stringify(json))
  const signals = Object.values(messages).flatMap((one) => (isMessage(one) && one.type === 'signal' ? [one.name] : []))
  test.each(signals)('the signal %s', (name) => {
    expect(texts.some((text) => text.includes(`"signalName":"${name}"`))).toBe(true)
  })

  const updates = Object.values(messages).flatMap((one) => (isMessage(one) && one.type === 'update' ? [one.name] : []))
  test.each(updates)('the update %s', (name) => {
    const asked = recorded.flatMap(({ json }) => json.events.map((event) => event.workflowExecutionUpdateAcceptedEventAttributes))
    expect(asked.some((one) => one?.acceptedRequest?.input?.name === name)).toBe(true)
  })

  test.each([
    ['a monitor that goes on in a new run', 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW'],
    ['a notification that was started', 'CHILD_WORKFLOW_EXECUTION_STARTED'],
    ['a notification that another had started', 'START_CHILD_WORKFLOW_EXECUTION_FAILED'],
    ['an activity that failed for good', 'ACTIVITY_TASK_FAILED'],
    ['a workflow that was reset', 'WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW'],
  ])('%s', (_what, mark) => {
    expect(texts.some((text) => text.includes(mark))).toBe(true)
  })

  test('snapshots of every version that was ever carried over', () => {
    const versions = recorded.flatMap(({ json }) => snapshotVersion(json) ?? [])
    expect(new Set(versions)).toEqual(new Set([1]))
  })
})

describe('a history with one event changed does not replay', () => {
  test.each(edits)('$what', async ({ of, edit }) => {
    const { json } = recorded.find(({ file }) => file.endsWith(`/${of}.json`)) ?? { json: { events: [] } }
    const edited = edit(structuredClone(json))
    expect(edited).not.toEqual(json)
    expect(await replayHistory(bundle, edited)).toMatchObject({ kind: 'diverged', reason: expect.stringMatching(/[Nn]ondeterminism/) })
  })
})

test('what is read and written again by the SDK replays as well', async () => {
  const { json } = recorded.find(({ file }) => file.endsWith('/monitor-changing-1.json')) ?? { json: null }
  expect(await replayHistory(bundle, JSON.parse(historyToJSON(historyFromJSON(json))))).toMatchObject({ kind: 'replayed' })
})

test('a history whose payloads are compressed replays as well', async () => {
  const { json } = recorded.find(({ file }) => file.endsWith('/monitor-carried-over-2.json')) ?? { json: { events: [] } }
  const compressed: EditableHistory = JSON.parse(JSON.stringify(json), (_key, value) => (isPayload(value) ? compress(value) : value))
  expect(JSON.stringify(compressed)).toContain(Buffer.from('binary/zstd').toString('base64'))
  expect(await replayHistory(bundle, compressed)).toEqual({ kind: 'replayed', events: json.events.length })
})

test.each([null, {}, { events: [] }, { events: [{ eventId: '1' }] }, 'x'])('%j is no history', async (json) => {
  expect(await replayHistory(bundle, json)).toMatchObject({ kind: 'unreadable' })
})

function isMessage(value: unknown): value is { type: string; name: string } {
  return typeof value === 'object' && value !== null && 'type' in value && 'name' in value
}

function snapshotVersion({ events }: EditableHistory): number | null {
  const [payload] = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []
  if (!isPayload(payload)) return null
  const bytes = { metadata: { encoding: Buffer.from(payload.metadata.encoding, 'base64') }, data: Buffer.from(payload.data, 'base64') }
  const input: { snapshot?: { v: number } } = JSON.parse(Buffer.from(decodePayload(bytes).data ?? []).toString())
  return input.snapshot?.v ?? null
}

type PayloadJson = Readonly<{ metadata: Readonly<{ encoding: string }>; data: string }>

function isPayload(value: unknown): value is PayloadJson {
  return typeof value === 'object' && value !== null && 'metadata' in value && 'data' in value && typeof value.data === 'string'
}

function compress({ metadata, data }: PayloadJson): PayloadJson {
  const payload = encodePayload({ metadata: { encoding: Buffer.from(metadata.encoding, 'base64') }, data: Buffer.from(data, 'base64') })
  const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64')
  return { metadata: { encoding: text(payload.metadata?.encoding) }, data: text(payload.data) }
}
