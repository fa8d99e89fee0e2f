import { expect, test } from 'vitest'
import { observe } from '../../../core/monitor/observe.ts'
import { slotsPerReply } from '../../../core/monitor/room.ts'
import { step } from '../../../core/monitor/step.ts'
import { nextSlot, stateOf } from './fixtures.ts'

/** The server's limit of one payload. */
const payloadBytesMax = 2_097_152

const keys: readonly (readonly [string, (n: number) => string])[] = [
  ['short', (n) => `host:${n}`],
  ['as long as tags may be', (n) => `container:${String(n).padEnd(190, 'x')}`],
  ['of many tags', (n) => Array.from({ length: 20 }, (_, key) => `k${key}:${String(n).padEnd(150, 'x')}`).join(',')],
  ['of another script', (n) => `host:${'名'.repeat(60)}${n}`],
]

test.each(keys)('a state with as many groups as it takes fits a payload, the others are refused: keys %s', (_what, keyOf) => {
  const values = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [keyOf(n), 95.123_456_789_012_3]))
  const before = stateOf({ groupsMax: 20_000 })
  const observation = observe(before, nextSlot(before), values)
  if (observation === null) throw new Error('new groups are news')
  const { state } = step(before, { kind: 'observed', observation })
  const tracked = Object.keys(state.groups).length
  expect(tracked).toBeGreaterThan(200)
  expect(state.health).toMatchObject({ kind: 'groups-refused', refused: 20_000 - tracked })
  expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThan(payloadBytesMax * 0.9)
  expect(Buffer.byteLength(JSON.stringify(observation))).toBeLessThan(payloadBytesMax * 0.9)
  // Those that are tracked stay, whatever else appears.
  expect(observe(state, nextSlot(state), values)).toBeNull()
})

test.each(keys)(
  'a reply for as many slots as are asked for at once fits a payload, also when each group flaps: keys %s',
  (_what, keyOf) => {
    for (const count of [1, 200, 1_000, 3_000]) {
      const values = Object.fromEntries(Array.from({ length: count }, (_, n) => [keyOf(n), 95.123_456_789_012_3]))
      const before = stateOf({ groupsMax: 20_000 })
      const first = observe(before, nextSlot(before), values)
      if (first === null) throw new Error('new groups are news')
      const { state } = step(before, { kind: 'observed', observation: first })
      const slots = slotsPerReply(state.groups, 60)
      expect(count === 1 ? slots : 60).toBe(60)
      expect(slots).toBeGreaterThanOrEqual(1)
      expect(slots * Buffer.byteLength(JSON.stringify(first))).toBeLessThan(payloadBytesMax * 0.95)
    }
  },
)
