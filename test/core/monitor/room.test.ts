import { createHash } from 'node:crypto'
import { constants, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { groupKey } from '../../../core/monitor/group.ts'
import { observe } from '../../../core/monitor/observe.ts'
import { type Beside, roomBeside, slotsPerReply } from '../../../core/monitor/room.ts'
import { step } from '../../../core/monitor/step.ts'
import type { GroupState, MonitorState } from '../../../core/monitor/types.ts'
import { nextSlot, stateOf } from './fixtures.ts'

/** The server's limit of one payload. */
const payloadBytesMax = 2_097_152
const groupsMax = 20_000

/** As payloads are: see adapters/temporal/codec.ts. */
const compressedBytes = (value: unknown): number =>
  zstdCompressSync(JSON.stringify(value), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }).length

/** Characters that nothing compresses, beyond what their alphabet gives away; the same ones in each run. */
function random(seed: string, length: number): string {
  const blocks = Array.from({ length: Math.ceil(length / 86) }, (_, n) => createHash('sha512').update(`${seed} ${n}`).digest('base64url'))
  return blocks.join('').slice(0, length)
}
const randomHan = (seed: string, length: number): string =>
  [...random(seed, length * 2)]
    .map((_, n, all) => String.fromCharCode(0x4e00 + (((all[n]?.charCodeAt(0) ?? 0) * 151 + n * 7) % 20_000)))
    .slice(0, length)
    .join('')

type Kind = Readonly<{ what: string; names: readonly string[]; key: (n: number) => string; all: boolean }>
const twenty = Array.from({ length: 20 }, (_, k) => `k${k}`).sort()
const kinds: readonly Kind[] = [
  {
    what: 'hosts and services',
    names: ['env', 'host', 'service'],
    key: (n) => `env:prod,host:web-${n},service:checkout-${n % 17}`,
    all: true,
  },
  { what: 'random, 40 B', names: ['host'], key: (n) => `host:${random(String(n), 35)}`, all: true },
  { what: 'UUIDs', names: ['pod_uid'], key: (n) => `pod_uid:${createHash('md5').update(String(n)).digest('hex')}`, all: true },
  { what: 'random, as long as tags may be', names: ['container'], key: (n) => `container:${random(String(n), 190)}`, all: false },
  {
    what: 'of twenty long tags',
    names: twenty,
    key: (n) => groupKey(Object.fromEntries(twenty.map((name) => [name, random(`${n} ${name}`, 110)]))),
    all: false,
  },
  { what: 'of another script', names: ['host'], key: (n) => `host:${randomHan(String(n), 60)}`, all: false },
]

/** Every group has had its own history: no two numbers are alike. */
function storm(n: number, slot: number): GroupState {
  const since = slot - (n % 5) * 60_000
  return {
    ...{ status: 'Alert', since, level: 'alert', alertSince: since, warnSince: since, judgedFrom: slot - 86_400_000 },
    ...{ value: 90 + Math.abs(Math.sin(n)) * 10, missingSince: null, firstTriggeredAt: since, lastTriggeredAt: since },
    ...{ told: true, toldAt: since, repeats: 0, held: false, beforeFailure: null },
  }
}

const owedOf = ({ value, since }: GroupState) => ({
  worst: 'Alert' as const,
  value: (value ?? 0) + 0.123,
  firstTriggeredAt: since,
  toldBefore: false,
})

function fill({ key, names }: Kind, beside: Partial<Beside> = {}): string[] {
  const room = roomBeside({}, groupsMax, { groupBy: names, notifyBy: null, forgotten: {}, ...beside })
  const keys: string[] = []
  for (let n = 0; n < groupsMax; n += 1) {
    const one = key(n)
    if (!room.take(one)) break
    keys.push(one)
  }
  return keys
}

test.each(kinds)('a state in the worst of storms fits a payload: keys $what', (kind) => {
  const before = stateOf({ groupsMax })
  const keys = fill(kind)
  if (kind.all) expect(keys).toHaveLength(groupsMax)
  else expect(keys.length).toBeLessThan(groupsMax)
  const groups = Object.fromEntries(keys.map((key, n) => [key, storm(n, before.lastSlot)]))
  const state: MonitorState = { ...before, groups, owed: Object.fromEntries(keys.map((key) => [key, owedOf(groups[key] ?? storm(0, 0))])) }
  expect(compressedBytes(state)).toBeLessThan(payloadBytesMax * 0.97)
})

test.each(kinds)('so does one in which each group is a bundle of its own: keys $what', (kind) => {
  const before = stateOf({ groupsMax, notifyBy: kind.names, groupBy: kind.names })
  const keys = fill(kind, { notifyBy: kind.names })
  const groups = Object.fromEntries(keys.map((key, n) => [key, storm(n, before.lastSlot)]))
  const owed = Object.fromEntries(keys.map((key) => [key, owedOf(groups[key] ?? storm(0, 0))]))
  expect(compressedBytes({ ...before, groups, bundles: groups, owed })).toBeLessThan(payloadBytesMax * 0.97)
})

test('what is only remembered takes room, too', () => {
  const forgotten = Object.fromEntries(
    Array.from({ length: groupsMax }, (_, n) => [`host:gone-${random(`gone ${n}`, 30)}`, 1_767_225_600_000 + n * 60_000]),
  )
  const kind: Kind = { what: '', names: ['host'], key: (n) => `host:${random(String(n), 35)}`, all: false }
  const keys = fill(kind, { forgotten })
  expect(keys.length).toBeGreaterThan(10_000)
  const groups = Object.fromEntries(keys.map((key, n) => [key, storm(n, 1_767_225_600_000)]))
  const owed = Object.fromEntries(keys.map((key) => [key, owedOf(groups[key] ?? storm(0, 0))]))
  expect(compressedBytes({ ...stateOf(), groups, owed, forgotten })).toBeLessThan(payloadBytesMax * 0.97)
})

test('groups beyond the limit are refused and told of by the health; those that are tracked stay', () => {
  const values = Object.fromEntries(Array.from({ length: 20_500 }, (_, n) => [`env:prod,host:web-${n},service:checkout-${n % 17}`, 95]))
  const before = stateOf({ groupsMax, groupBy: ['env', 'host', 'service'] })
  const observation = observe(before, nextSlot(before), values)
  if (observation === null) throw new Error('new groups are news')
  const { state } = step(before, { kind: 'observed', observation })
  expect(Object.keys(state.groups)).toHaveLength(groupsMax)
  expect(state.health).toMatchObject({ kind: 'groups-refused', refused: 500, groupsMax })
  expect(observe(state, nextSlot(state), values)).toBeNull()
})

test.each(kinds)('a reply for as many slots as are asked for at once fits a payload, also when each group flaps: keys $what', (kind) => {
  const all = fill(kind)
  for (const count of [1, 200, 1_000, 5_000, groupsMax]) {
    const keys = all.slice(0, count)
    const groups = Object.fromEntries(keys.map((key, n) => [key, storm(n, 0)]))
    const slots = slotsPerReply(groups, 60, 1_000)
    if (count === 1) expect(slots).toBe(60)
    expect(slots).toBeGreaterThanOrEqual(1)
    const readings = keys.map((group, n) => ({ group, level: 'alert', value: 90 + Math.abs(Math.sin(n)) * 10, at: 1_767_225_600_000 }))
    // Slots further on repeat keys that are too far away to be found again.
    expect(compressedBytes(readings) * slots).toBeLessThan(payloadBytesMax * 0.97)
  }
})

test('one slot that is due is asked for, whatever the groups', () => {
  expect(slotsPerReply({}, 60, 1)).toBe(1)
  expect(slotsPerReply({}, 60, 0)).toBe(1)
})

test('a group that PostgreSQL cannot hold is refused, and the others are tracked', () => {
  const key = (length: number): string => `host:${'x'.repeat(length - 5)}`
  const han = (bytes: number): string => `host:${'汉'.repeat(Math.ceil((bytes - 5) / 3))}`
  const values = Object.fromEntries(
    [key(2_400), key(2_401), key(1_000_000), han(2_399), han(2_402), 'host:\0', 'host:\ud800', 'host:a'].map((group) => [group, 95]),
  )
  const state = stateOf()
  const observation = observe(state, nextSlot(state), values)
  if (observation === null) throw new Error('groups were seen')
  expect(observation.refused).toBe(5)
  const after = step(state, { kind: 'observed', observation }).state
  expect(Object.keys(after.groups).toSorted()).toEqual(['host:a', key(2_400), han(2_399)].toSorted())
  expect(after.health).toMatchObject({ kind: 'groups-refused', refused: 5 })
})
