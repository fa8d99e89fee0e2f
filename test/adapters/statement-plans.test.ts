/**
 * What is asked again and again while the engine runs, with tables as they are after a while: none of it reads a large table from one end to
 * the other, but for what is listed with its reason. Lists and searches: test/api/plans.test.ts.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { listAudit } from '../../adapters/postgres/queries/audit.ts'
import { deliveryBacklog } from '../../adapters/postgres/queries/backlog.ts'
import { changesSince, inhibitedMonitors, statusesNow } from '../../adapters/postgres/queries/causes.ts'
import { readDelivery, receiverHealth, searchDeliveries } from '../../adapters/postgres/queries/delivery-log.ts'
import { downtimeChanges, downtimesOfMonitor, liveDowntimes } from '../../adapters/postgres/queries/downtimes.ts'
import { findTroubles } from '../../adapters/postgres/queries/engine.ts'
import { listEvaluations } from '../../adapters/postgres/queries/evaluations.ts'
import { listDeliveries, listGroups, listTransitions } from '../../adapters/postgres/queries/history.ts'
import { laneStore } from '../../adapters/postgres/queries/lanes.ts'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import { findMonitor, listExternalKeys, lockMonitorByKey } from '../../adapters/postgres/queries/monitors.ts'
import { notificationStore } from '../../adapters/postgres/queries/notifications.ts'
import { findProgress, findPunctuality, listOverdue } from '../../adapters/postgres/queries/progress.ts'
import { reconcileStore } from '../../adapters/postgres/queries/reconcile.ts'
import { listRules } from '../../adapters/postgres/queries/rules.ts'
import { monitorStates } from '../../adapters/postgres/queries/states.ts'
import { findBundles, findStatus, pageGroups } from '../../adapters/postgres/queries/status.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Explained, explaining } from '../support/explained.ts'
import { storeManyMonitors } from '../support/many-monitors.ts'

/** As few as make a whole read dearer than an index. */
const monitors = 4_000
const large = [
  ...['monitors', 'monitor_groups', 'monitor_state', 'monitor_versions', 'monitor_progress', 'transitions', 'notifications'],
  ...['deliveries', 'delivery_attempts', 'audit_events', 'downtimes'],
]

let database: TestDatabase
let explained: Explained
beforeAll(async () => {
  database = await createTestDatabase()
  await storeManyMonitors(database.pool, monitors)
  await storePast(database.pool)
  explained = explaining(database.pool, large)
})
afterAll(() => database.drop())

const id = 1_500
const now = Date.now()
const filter = { limit: 100 }

const asked: Readonly<Record<string, (pool: Pool) => Promise<unknown>>> = {
  'a monitor and its state are loaded': (pool) => monitorStore(pool).load(id),
  'a monitor is read, with its groups': async (pool) => [await findMonitor(pool, id), await listGroups(pool, [id], null)],
  'its groups in one status': (pool) => listGroups(pool, [id], ['Alert']),
  'a monitor that a file keeps': (pool) => lockMonitorByKey(pool, 'no-such-key'),
  'all monitors that files keep': listExternalKeys,
  'how a monitor is': async (pool) => [await findStatus(pool, id), await findBundles(pool, id), await findProgress(pool, id)],
  'a page of its groups': (pool) => pageGroups(pool, id, { statuses: null, after: '', limit: 100 }),
  'members of a composite': (pool) => monitorStates(pool).statuses([id, id + 1], 100),
  'its transitions, deliveries, audit and evaluations': async (pool) => [
    await listTransitions(pool, id, null, 100),
    await listDeliveries(pool, id, null, 100),
    await listAudit(pool, id, null, 100),
    await listEvaluations(pool, id, null, 100),
  ],
  'the reconciler looks for what isn’t applied, stopped, planned or tended': async (pool) => {
    const store = reconcileStore(pool)
    return [await store.unapplied(100), await store.unstopped(100), await store.unplanned(1_000, 100), await store.untended(1_000, 100)]
  },
  'the reconciler compares a page': (pool) => reconcileStore(pool).page(id, 500),
  'what is overdue, and how late all are': async (pool) => [await listOverdue(pool, now, 100), await findPunctuality(pool, now)],
  'what is wrong with the engine': findTroubles,
  'a notification is planned': async (pool) => {
    const store = notificationStore(pool)
    return [
      await store.load(id, 1),
      await store.unplanned(id, 1, 10),
      await store.episodes(id, ['ops'], ['disk:d1']),
      await store.asleep(id, 1),
    ]
  },
  'a lane drains': async (pool) => {
    const store = laneStore(pool)
    await store.begin('ops', 1_000)
    await store.waiting('ops', true)
    await store.outlook('ops')
    await store.messages({ ids: [1, 2] })
    await store.sentAt('ops', 'tried', 60_000, 100)
    await store.hurry('ops')
    await store.explain('ops', 'a reason')
    await store.giveUp('ops', 86_400_000, 'too long')
    await store.end('ops')
  },
  'what a receiver that forgets is told again': (pool) => laneStore(pool).remindable('ops', 60_000, 0, 100),
  'what waits for receivers': deliveryBacklog,
  'deliveries, newest first': (pool) => searchDeliveries(pool, filter),
  'deliveries of a monitor': (pool) => searchDeliveries(pool, { ...filter, monitorId: id }),
  'deliveries that are open or dead': async (pool) => [
    await searchDeliveries(pool, { ...filter, statuses: ['pending', 'retrying'] }),
    await searchDeliveries(pool, { ...filter, statuses: ['dead'] }),
  ],
  'one delivery': (pool) => readDelivery(pool, 10),
  'the health of a receiver': (pool) => receiverHealth(pool, ['ops']),
  'which downtimes hold': async (pool) => [
    await downtimeChanges(pool),
    await liveDowntimes(pool, now),
    await downtimesOfMonitor(pool, id, now),
  ],
  'what fires elsewhere': async (pool) => [
    await inhibitedMonitors(pool),
    await statusesNow(pool, [id], ['Alert']),
    await changesSince(pool, [id], now - 60_000),
  ],
  'rules in Prometheus’ JSON': (pool) => listRules(pool, { names: [], groups: [], files: [] }, 100),
}

/** By what is asked: the tables that are read whole, and why that is right. */
const exceptions: Readonly<Record<string, Readonly<{ tables: readonly string[]; why: string }>>> = {
  'what is overdue, and how late all are': {
    tables: ['monitor_progress', 'monitors', 'monitor_state'],
    why: 'once a minute; an index on what changes with each evaluation would cost more than it saves',
  },
}

test.each(Object.keys(asked))('%s', async (name) => {
  explained.wholeReads()
  explained.explained()
  await asked[name]?.(explained.pool)
  expect(explained.explained()).toBeGreaterThan(0)
  const allowed = exceptions[name]?.tables ?? []
  const reads = explained.wholeReads()
  // An exception that nothing needs any more goes; and so this test shows that it sees whole reads.
  expect(allowed.length === 0 || reads.length > 0).toBe(true)
  expect(reads.filter((read) => !allowed.some((table) => read.startsWith(`${table}:`)))).toEqual([])
})

/** Thousands of notifications of the last days, all but a few of them delivered. */
async function storePast(pool: Pool): Promise<void> {
  const statements = [
    `update monitors set applied_version = version, modified_at = now() - interval '1 day'`,
    `insert into monitor_versions (monitor_id, version, definition, changed_by)
       select id, version, to_jsonb(monitors) || '{"options": {}}', 'x' from monitors`,
    `insert into monitor_state (monitor_id, version, sequence, last_slot, paused, overall, health)
     select id, version, 5, 0, false, overall_state, '{"kind": "healthy"}' from monitors`,
    `insert into monitor_progress (monitor_id, at, slot, due_at, interval_ms, lag_ms)
     select id, 0, 0, (extract(epoch from now()) * 1000)::bigint, 60000, 5 from monitors`,
    `insert into transitions (monitor_id, sequence, group_key, from_status, to_status, slot, reason, version, notify, detail)
     select id, n, 'disk:d' || n, 'OK', 'Alert', 0, 'threshold-crossed', 1, true, '{}' from monitors cross join generate_series(1, 3) as n`,
    `insert into notifications (monitor_id, sequence, version, transition_sequences, created_at, planned_at)
     select monitor_id, sequence, version, array[sequence], now() - interval '1 day', now() - interval '1 day' from transitions`,
    `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body, status, attempts, created_at, finished_at)
     select monitor_id, sequence, sequence, case when monitor_id % 50 = 0 then 'ops' else 'team-' || monitor_id % 300 end, 'x', 'y',
       case when monitor_id % 2000 = 0 then 'dead' when monitor_id % 1500 = 0 then 'pending' else 'delivered' end, 1,
       now() - monitor_id * interval '1 minute', case when monitor_id % 1500 <> 0 then now() - monitor_id * interval '1 minute' end
     from notifications`,
    `insert into delivery_attempts (delivery_id, attempt, receiver, message_id, outcome, latency_ms, detail, at)
     select id, 1, receiver, id::text, 'delivered', 5, 'ok', created_at from deliveries`,
    `insert into downtimes (number, scope, scopes, monitor_tags, starts_at, ends_at, timezone, display_timezone, mute_first_recovery,
       notify_end_states, notify_end_types, creator, created_at, modified_at, over_at)
     select n, '*', array['*'], array['*'], now() - interval '9 days', now() - interval '8 days', 'UTC', 'UTC', false, '{}', '{}', '{}',
       now() - interval '9 days', now() - interval '9 days', now() - interval '8 days' from generate_series(1, 3000) as n`,
    `insert into audit_events (actor, action, monitor_id, detail) select 'x', 'monitor.updated', id, '{}' from monitors cross join generate_series(1, 2)`,
    'vacuum analyze monitors, monitor_versions, monitor_state, monitor_progress, transitions, notifications, deliveries, delivery_attempts, audit_events, downtimes',
  ]
  for (const statement of statements) await pool.query(statement)
}
