import { expect, test } from 'vitest'
import { fitModel, isFittable, leastSquares, needOf } from '../../bench/scale/model.ts'
import { fleetsOf, keyOf, type MeasuredFleet, measures } from '../../bench/scale/plan.ts'
import { renderSection } from '../../bench/scale/section.ts'
import { replaceSection } from '../../bench/section.ts'

/** 6 ms of workers, 5 of Temporal, 1 of PostgreSQL, 3 of Temporal's; 20, 10, 4 and 2 ms a second for each worker; 400 KB and 200 MB. */
function fleetOf(monitors: number, workers: number, others: Partial<MeasuredFleet> = {}): MeasuredFleet {
  const evaluations = monitors
  const cpuS = (perEvaluation: number, perWorkerSecond: number): number =>
    (evaluations * perEvaluation + workers * 60 * perWorkerSecond) / 1_000
  return {
    ...{ server: 'real', monitors, workers, evaluations, windowS: 60, missed: 0, stretchLevel: 0, settledInS: 70 },
    ...{ lagP50Ms: 10, lagP99Ms: 40, lagMaxMs: 90, temporalBytes: 3e8 },
    ...{ workersCpuS: cpuS(6, 20), temporalCpuS: cpuS(5, 10), postgresCpuS: cpuS(1, 4), temporalPostgresCpuS: cpuS(3, 2) },
    workersBytes: monitors * 400_000 + workers * 200_000_000,
    ...others,
  }
}

test('the costs that fleets were made of are found again', () => {
  const model = fitModel([fleetOf(2_000, 1), fleetOf(2_000, 4), fleetOf(2_000, 2)])
  expect(model?.worker.msPerEvaluation).toBeCloseTo(6, 5)
  expect(model?.worker.msPerWorkerSecond).toBeCloseTo(20, 5)
  expect(model?.temporalPostgres.msPerEvaluation).toBeCloseTo(3, 5)
  expect(model?.bytesPerMonitor).toBeCloseTo(400_000, 0)
  expect(model?.bytesPerWorker).toBeCloseTo(200_000_000, 0)
})

test.each([
  ['one fleet', [fleetOf(2_000, 1)]],
  ['fleets that are multiples of one another', [fleetOf(2_000, 1), fleetOf(4_000, 2)]],
  ['none that was on schedule', [fleetOf(2_000, 1, { missed: 900 }), fleetOf(2_000, 4, { missed: 30 })]],
])('no model: %s', (_what, fleets) => {
  expect(fitModel(fleets)).toBeNull()
})

test('a fleet that no cache holds is left out of the model', () => {
  expect(isFittable(fleetOf(10_000, 1))).toBe(false)
  expect(isFittable(fleetOf(9_600, 4))).toBe(true)
})

test('no cost is below zero: what noise makes so is nothing, and the rest is fitted without it', () => {
  expect(
    leastSquares([
      { a: 10, b: 1, y: 20 },
      { a: 10, b: 4, y: 17 },
    ]),
  ).toEqual({ a: 1.85, b: 0 })
  expect(
    leastSquares([
      { a: 1, b: 10, y: 20 },
      { a: 4, b: 10, y: 17 },
    ]),
  ).toEqual({ a: 0, b: 1.85 })
})

test('a million monitors a minute: workers by their cache, cores by 60 %, cells by what one database does', () => {
  const model = fitModel([fleetOf(2_000, 1), fleetOf(2_000, 4)])
  if (model === null) throw new Error('no model')
  const need = needOf(model, 1_000_000, 60)
  expect(need.workers).toBe(417)
  expect(need.workerCores).toBeCloseTo((16_666.67 * 6 + 417 * 20) / 600, 1)
  expect(need.temporalPostgresCores).toBeCloseTo((16_666.67 * 3 + 417 * 2) / 600, 1)
  expect(need.cells).toBe(3)
  expect(needOf(model, 100, 60)).toMatchObject({ workers: 2, cells: 1 })
})

test('the section has a row for each fleet of the figures, and the model under them', () => {
  const fleets = [fleetOf(2_000, 1), fleetOf(2_000, 4)]
  const figures = Object.fromEntries(fleets.flatMap((fleet) => measures.map((measure) => [keyOf(fleet, measure), fleet[measure]])))
  const lines = renderSection(figures)
  expect(lines.filter((line) => line.startsWith('| 2,000 | 1 | 10 ms | 40 ms | 90 ms |'))).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith('| 1,000,000 | 16,667 | 417 |'))).toHaveLength(1)
  expect(lines).toContain('Not measured in this run.')
})

test('a full run measures all that a short one does', () => {
  expect(fleetsOf(true)).toEqual(expect.arrayContaining([...fleetsOf(false)]))
  expect(fleetsOf(true)).toHaveLength(12)
})

test('a section is replaced between its marks, and a page without them is refused', () => {
  const page = 'a\n<!-- bench scale -->\n\nold\n\n<!-- end -->\nb\n'
  expect(replaceSection(page, 'scale', 'new\n')).toBe('a\n<!-- bench scale -->\n\nnew\n\n<!-- end -->\nb\n')
  expect(() => replaceSection(page, 'other', 'new')).toThrow('the page has no <!-- bench other --> … <!-- end -->')
})
