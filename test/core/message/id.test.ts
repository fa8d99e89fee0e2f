import { expect, test } from 'vitest'
import { messageId } from '../../../core/message/id.ts'

test('an id differs by monitor, transition, slot and receiver, and by nothing else', () => {
  const ids = [
    messageId(1, { sequence: 2, slot: 3 }, 'log'),
    messageId(2, { sequence: 2, slot: 3 }, 'log'),
    messageId(1, { sequence: 3, slot: 3 }, 'log'),
    messageId(1, { sequence: 2, slot: 4 }, 'log'),
    messageId(1, { sequence: 2, slot: 3 }, 'webhook-ops'),
  ]
  expect(new Set(ids).size).toBe(ids.length)
  expect(messageId(1, { sequence: 2, slot: 3 }, 'log')).toBe(ids[0])
})
