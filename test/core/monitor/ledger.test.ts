import { expect, test } from 'vitest'
import { emptyLedger, recentMax, recordOnDemand, recordSkipped, recordSlots } from '../../../core/monitor/ledger.ts'
import type { Observation } from '../../../core/monitor/types.ts'

const failed = (slot: number): Observation => ({
  slot,
  outcome: { kind: 'failed', reason: 'timeout' },
  changed: [],
  missing: [],
  refused: 0,
})

test('every slot is counted once, under what became of it', () => {
  const ledger = recordSlots(emptyLedger, [100, 200, 300, 400], [failed(200)], 400)
  expect(ledger).toMatchObject({ evaluated: 1, caughtUp: 2, failed: 1, skipped: 0, firstSlot: 100 })
  expect(ledger.recent.map((entry) => entry.outcome)).toEqual(['caught-up', 'failed', 'caught-up', 'evaluated'])
})

test('skipped slots are counted with their reason, as one entry', () => {
  const ledger = recordSkipped(emptyLedger, 500, 5, 'paused')
  expect(ledger).toMatchObject({ skipped: 5, recent: [{ slot: 500, outcome: 'skipped', reason: 'paused (5 slots)' }] })
  expect(recordSkipped(ledger, 600, 0, 'paused')).toBe(ledger)
})

test('an evaluation on demand belongs to no slot', () => {
  const ledger = recordOnDemand(emptyLedger, 150, undefined)
  expect(ledger).toMatchObject({ evaluated: 0, onDemand: 1, firstSlot: null })
})

test('only the last entries are kept', () => {
  const slots = Array.from({ length: recentMax + 5 }, (_, index) => index)
  const ledger = recordSlots(emptyLedger, slots, [], recentMax + 4)
  expect(ledger.recent).toHaveLength(recentMax)
  expect(ledger.evaluated + ledger.caughtUp).toBe(recentMax + 5)
})
