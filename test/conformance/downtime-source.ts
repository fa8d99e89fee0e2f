import { beforeEach, describe, expect, test } from 'vitest'
import type { DowntimeSource } from '../../activities/ports.ts'
import type { DowntimePlan } from '../../core/downtime/plan.ts'

export type DowntimesUnderTest = Readonly<{
  source: DowntimeSource
  /** Times that a plan leaves out are as in test/support/downtime-plan.ts. Monitors 1 and 2 exist. Returns the downtime's id. */
  plan: (said: Partial<DowntimePlan>) => Promise<string>
  change: (id: string, said: Partial<DowntimePlan>) => Promise<void>
  cancel: (id: string, atMs: number) => Promise<void>
}>

const minute = 60_000
const t0 = Date.parse('2026-11-24T12:00:00Z')
const monitor = { monitorId: 1, tags: ['team:shop', 'env:prod'] }

/** What every DowntimeSource must do. */
export function downtimeSourceConformance(name: string, open: () => Promise<DowntimesUnderTest>): void {
  describe(`${name} as a source of downtimes`, () => {
    let under: DowntimesUnderTest
    beforeEach(async () => {
      under = await open()
    })

    /** Starts of what is in force at each of these minutes. */
    const heldAt = async (minutes: readonly number[], about = monitor): Promise<number[][]> => {
      const answers = await under.source.inForce(
        about,
        minutes.map((at) => t0 + at * minute),
      )
      return answers.map((downtimes) => downtimes.map(({ startAt }) => (startAt - t0) / minute))
    }

    test('nothing is planned, nothing holds', async () => {
      expect(await heldAt([0, 1])).toEqual([[], []])
      expect(await heldAt([])).toEqual([])
    })

    test('each slot is answered as of itself: from the start on, and at the end no more', async () => {
      await under.plan({ startMs: t0 + minute, endMs: t0 + 3 * minute })
      await under.plan({ startMs: t0 + 2 * minute })
      expect(await heldAt([0, 1, 2, 3, 4])).toEqual([[], [1], [1, 2], [2], [2]])
    })

    test('what was planned is told whole', async () => {
      const said = { scope: 'env:(dev OR test)', notifyEndStates: ['warn'], notifyEndTypes: ['canceled'], muteFirstRecovery: true } as const
      await under.plan({ ...said, startMs: t0, endMs: t0 + minute })
      const [held] = await under.source.inForce(monitor, [t0])
      const tag = (value: string) => ({ kind: 'tag', key: 'env', value })
      expect(held).toEqual([
        {
          id: expect.any(String),
          scope: { kind: 'or', of: [tag('dev'), tag('test')] },
          startAt: t0,
          endAt: t0 + minute,
          notifyEndStates: ['Warn'],
          notifyEndTypes: ['canceled'],
          muteFirstRecovery: true,
        },
      ])
    })

    test.each<[string, Partial<DowntimePlan>, boolean]>([
      ['every monitor', { monitorTags: ['*'] }, true],
      ['this one by its id', { monitorId: 1 }, true],
      ['another one by its id', { monitorId: 2 }, false],
      ['monitors with one of its tags', { monitorTags: ['env:prod'] }, true],
      ['monitors with all of its tags', { monitorTags: ['env:prod', 'team:shop'] }, true],
      ['monitors with another tag, too', { monitorTags: ['env:prod', 'team:web'] }, false],
    ])('it is about %s', async (_what, said, holds) => {
      await under.plan(said)
      expect(await heldAt([0])).toHaveLength(1)
      expect((await heldAt([0]))[0]).toHaveLength(holds ? 1 : 0)
    })

    test('monitors that are created later count', async () => {
      await under.plan({ monitorTags: ['env:prod'], startMs: t0 })
      expect(await heldAt([0], { monitorId: 999_999, tags: ['env:prod'] })).toEqual([[0]])
    })

    test('a cancellation counts from when it was made', async () => {
      const id = await under.plan({ startMs: t0 })
      expect(await heldAt([0, 2])).toEqual([[0], [0]])
      await under.cancel(id, t0 + 2 * minute)
      expect(await heldAt([0, 1, 2, 3])).toEqual([[0], [0], [], []])
    })

    test('a changed end counts, and the occurrence stays the same', async () => {
      const id = await under.plan({ startMs: t0, endMs: t0 + 10 * minute })
      const [[before] = []] = await under.source.inForce(monitor, [t0])
      await under.change(id, { startMs: t0, endMs: t0 + 2 * minute })
      const [[after] = []] = await under.source.inForce(monitor, [t0])
      expect(after).toEqual({ ...before, endAt: t0 + 2 * minute })
      expect(await heldAt([1, 2])).toEqual([[0], []])
    })
  })
}
