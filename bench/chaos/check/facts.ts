/** What PostgreSQL, Temporal and the receivers hold after the run. Only reads, and judges nothing. Read next: check.ts. */
import { existsSync, readFileSync } from 'node:fs'
import type { Pool } from '../../../adapters/postgres/pool.ts'
import { monitorStore } from '../../../adapters/postgres/queries/monitor-store.ts'
import type { MonitorSpec } from '../../../core/monitor/spec-types.ts'
import type { GroupState, Transition } from '../../../core/monitor/types.ts'
import type { StateAnswer } from '../../../workflows/messages.ts'
import { type Arrival, arrival } from '../receivers.ts'
import type { Watched } from '../workload.ts'

export type Delivery = Readonly<{
  sequence: number
  receiver: string
  status: string
  /** All transitions that it tells. */
  tells: readonly number[]
}>

export type MonitorFacts = Readonly<{
  index: number
  monitorId: number
  /** Of the whole run. */
  firstSlot: number
  spec: MonitorSpec
  /** As the workflow says; null = it gave no answer. */
  answer: StateAnswer | null
  transitions: readonly Transition[]
  /** As PostgreSQL has them. */
  groups: Readonly<Record<string, GroupState>>
  /** Of each notification, the transitions that it tells. */
  notified: readonly (readonly number[])[]
  deliveries: readonly Delivery[]
}>

export type Facts = Readonly<{ monitors: readonly MonitorFacts[]; arrivals: readonly Arrival[] }>

export async function readFacts(
  pool: Pool,
  watched: Watched,
  answers: ReadonlyMap<number, StateAnswer>,
  arrivalsFile: string,
): Promise<Facts> {
  const monitors: MonitorFacts[] = []
  for (const { index, monitorId, firstSlot } of watched) {
    const loaded = await monitorStore(pool).load(monitorId)
    if (loaded === null) throw new Error(`monitor ${monitorId} is not stored`)
    monitors.push({
      ...{ index, monitorId, firstSlot, spec: loaded.spec, answer: answers.get(monitorId) ?? null },
      groups: loaded.stored?.groups ?? {},
      transitions: await transitionsOf(pool, monitorId),
      notified: await notifiedOf(pool, monitorId),
      deliveries: await deliveriesOf(pool, monitorId),
    })
  }
  return { monitors, arrivals: arrivalsIn(arrivalsFile) }
}

async function transitionsOf(pool: Pool, monitorId: number): Promise<Transition[]> {
  const { rows } = await pool.query<{ detail: Transition }>('select detail from transitions where monitor_id = $1 order by sequence', [
    monitorId,
  ])
  return rows.map(({ detail }) => detail)
}

async function notifiedOf(pool: Pool, monitorId: number): Promise<number[][]> {
  const { rows } = await pool.query<{ sequences: number[] }>(
    'select to_jsonb(transition_sequences) as sequences from notifications where monitor_id = $1 order by sequence',
    [monitorId],
  )
  return rows.map(({ sequences }) => sequences)
}

async function deliveriesOf(pool: Pool, monitorId: number): Promise<Delivery[]> {
  const { rows } = await pool.query<Delivery>(
    `select transition_sequence as sequence, receiver, status,
            to_jsonb(transition_sequences || transition_sequence) as tells
     from deliveries where monitor_id = $1 order by id`,
    [monitorId],
  )
  return rows
}

function arrivalsIn(file: string): Arrival[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line) => arrival.parse(JSON.parse(line)))
}
