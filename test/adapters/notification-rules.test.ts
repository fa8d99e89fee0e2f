/** Rules as workers read them, and as a plan is made with them. */
import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planNotificationActivities } from '../../activities/plan-notification.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { transaction } from '../../adapters/postgres/pool.ts'
import { countRuleChange, deleteRule, insertRule, ruleReader, updateRule } from '../../adapters/postgres/queries/notification-rules.ts'
import { notificationStore } from '../../adapters/postgres/queries/notifications.ts'
import { createReceiver } from '../../adapters/postgres/queries/receivers.ts'
import type { NotificationRule } from '../../core/notification-rules/rule.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertJob } from '../support/insert-job.ts'
import { memoryPorts } from '../support/memory-ports.ts'
import { notificationJob } from '../support/notification-job.ts'
import { quietRuntime } from '../support/temporal.ts'

let database: TestDatabase
beforeAll(async () => {
  quietRuntime()
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const by = { id: 1, name: 'test', handle: 'test', email: 'test' }
const rule = (change: Partial<NotificationRule>): NotificationRule => ({
  name: 'a rule',
  filter: { kind: 'tags', tags: ['team:core'] },
  recipients: { kind: 'always', recipients: ['webhook-core'] },
  bundleS: null,
  ...change,
})

async function inserted(change: Partial<NotificationRule>): Promise<string> {
  const stored = await transaction(database.pool, async (client) => {
    await countRuleChange(client)
    return insertRule(client, rule(change), by, 1_000)
  })
  if (stored === null) throw new Error('there is no room for a rule')
  return stored.id
}

test('a reader has each change at once, and reads nothing again while there is none', async () => {
  const rules = ruleReader(database.pool)
  const names = async (): Promise<readonly string[]> => (await rules()).map(({ name }) => name)
  expect(await names()).toEqual([])
  const id = await inserted({ name: 'one' })
  expect(await names()).toEqual(['one'])
  expect(await rules()).toBe(await rules())
  await transaction(database.pool, async (client) => {
    await countRuleChange(client)
    await updateRule(client, id, rule({ name: 'renamed' }), 2_000)
  })
  expect(await names()).toEqual(['renamed'])
  await transaction(database.pool, async (client) => {
    await countRuleChange(client)
    await deleteRule(client, id)
  })
  expect(await names()).toEqual([])
})

test('recipients of rules are told as those that the message names, each once; unknown ones are recorded', async () => {
  const monitorId = 8_001
  await createReceiver(database.pool, { name: 'webhook-core', kind: 'webhook', config: { url: 'https://example.com/core' } })
  await createReceiver(database.pool, { name: 'webhook-ops', kind: 'webhook', config: { url: 'https://example.com/ops' } })
  const ids = [
    await inserted({ recipients: { kind: 'always', recipients: ['webhook-core', 'webhook-ops', 'slack-gone'] } }),
    await inserted({ filter: { kind: 'scope', scope: 'host:b AND priority:p1' } }),
    await inserted({
      filter: { kind: 'tags', tags: ['team:other'] },
      recipients: { kind: 'always', recipients: ['webhook-never'] },
    }),
  ]
  const message = '{{#is_exact_match "host.name" "a"}}{{override_priority "P3"}}{{/is_exact_match}} @webhook-ops'
  await insertJob(database.pool, notificationJob(['host:a', 'host:b'], { monitorId, message, priority: 1 }))
  const { planNotification } = planNotificationActivities({
    notifications: notificationStore(database.pool),
    renderer: messageRenderer(),
    notifiers: [],
    runtime: { ...memoryPorts(() => ({})).runtime, wakeLane: async () => {} },
  })
  await new MockActivityEnvironment().run(planNotification, { monitorId, sequence: 2 })
  const { rows } = await database.pool.query(
    'select receiver, count(*)::int as messages from deliveries where monitor_id = $1 group by 1 order by 1',
    [monitorId],
  )
  expect(rows.map(({ receiver, messages }) => `${receiver} ${messages}`)).toEqual(['log 2', 'webhook-core 2', 'webhook-ops 2'])
  const { rows: planned } = await database.pool.query('select unknown_handles from notifications where monitor_id = $1', [monitorId])
  expect(planned).toEqual([{ unknown_handles: ['slack-gone'] }])
  await transaction(database.pool, async (client) => {
    await countRuleChange(client)
    for (const id of ids) await deleteRule(client, id)
  })
})
