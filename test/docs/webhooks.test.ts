import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { webhookMessage } from '../../contract/webhook.ts'
import { titleOf } from '../../core/message/title.ts'

test('the message in the how-to is one that could arrive', () => {
  const page = readFileSync(new URL('../../docs/how-to/receive-webhooks.md', import.meta.url), 'utf8')
  const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? []
  const message = webhookMessage.strict().parse(JSON.parse(json))
  expect(message.title).toBe(
    titleOf(message.monitor.name, { group: message.group.key, to: message.transition.to, reason: 'threshold-crossed' }, true),
  )
  expect(Date.parse(message.timestamp)).toBe(message.transition.slot)
  expect(message.id).toContain(`_${message.monitor.id}_${message.transition.sequence}_${message.transition.slot}_`)
})
