import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import {
  addUp,
  courses,
  crowds,
  precision,
  recall,
  type Score,
  scoreAnomalies,
  scoreForecast,
  scoreOutliers,
  shapes,
} from '../../../support/detection-bench.ts'

const page = new URL('../../../../docs/algorithms.md', import.meta.url)
const seeds = [11, 12]
const manySeeds = Array.from({ length: 40 }, (_, i) => i + 1)

const anomalies = new Map(
  ['basic', 'agile', 'robust'].map((name) => {
    const scores = Object.keys(shapes).map((shape) => [shape, scoreAnomalies(name, shape, seeds)] as const)
    return [name, new Map([...scores, ['all', addUp(scores.map(([, score]) => score))]])] as const
  }),
)

const outlierScores = new Map(
  ['DBSCAN', 'MAD', 'scaledDBSCAN', 'scaledMAD'].map((name) => {
    return [name, Object.values(crowds).map((crowd) => scoreOutliers(name, crowd, manySeeds))] as const
  }),
)

const forecasts = Object.entries(courses).map(([name, { course, season }]) => [name, scoreForecast(course, season, manySeeds)] as const)

test.each(['agile', 'robust'])('%s finds nine of ten anomalies, and nine of ten alerts are one', (name) => {
  const all = anomalies.get(name)?.get('all')
  expect(all === undefined ? 0 : precision(all)).toBeGreaterThanOrEqual(0.9)
  expect(all === undefined ? 0 : recall(all)).toBeGreaterThanOrEqual(0.9)
})

test('basic does as well where there is no season, and is said to be worse where there is', () => {
  const calm = anomalies.get('basic')?.get('no season')
  expect(calm === undefined ? 0 : precision(calm)).toBeGreaterThanOrEqual(0.9)
  expect(calm === undefined ? 0 : recall(calm)).toBeGreaterThanOrEqual(0.9)
})

test.each([...outlierScores])('%s finds nine of ten outliers, and nine of ten that it names are some', (_, scores) => {
  expect(precision(addUp(scores))).toBeGreaterThanOrEqual(0.9)
  expect(recall(addUp(scores))).toBeGreaterThanOrEqual(0.9)
})

test.each(forecasts)('%s is forecast within a noise, and nine of ten points lie in the band', (_, { error, covered }) => {
  expect(error).toBeLessThan(1)
  expect(covered).toBeGreaterThanOrEqual(0.9)
})

test('docs/algorithms.md shows these numbers (UPDATE_GOLDEN=1 writes them)', async () => {
  const text = await readFile(page, 'utf8')
  const [head = '', tail = ''] = [text.split(begin)[0], text.split(end)[1]]
  const expected = `${head}${begin}\n${tables()}${end}${tail}`
  if (process.env.UPDATE_GOLDEN === '1') await writeFile(page, expected)
  else expect(text).toBe(expected)
})

const begin = '<!-- measured: begin -->'
const end = '<!-- measured: end -->'

function tables(): string {
  const cell = (score: Score | undefined) => (score === undefined ? '' : `${precision(score).toFixed(2)} · ${recall(score).toFixed(2)}`)
  const anomalyRows = [...Object.keys(shapes), 'all'].map(
    (shape) => `| ${shape} | ${['basic', 'agile', 'robust'].map((name) => cell(anomalies.get(name)?.get(shape))).join(' | ')} |`,
  )
  const outlierRows = Object.keys(crowds).map(
    (crowd, i) => `| ${crowd} | ${[...outlierScores.values()].map((scores) => cell(scores[i])).join(' | ')} |`,
  )
  const forecastRows = forecasts.map(([name, { error, covered }]) => `| ${name} | ${error.toFixed(2)} | ${(covered * 100).toFixed(0)} % |`)
  return [
    '| anomalies: precision · recall | basic | agile | robust |',
    '|---|---|---|---|',
    ...anomalyRows,
    '',
    `| outliers: precision · recall | ${[...outlierScores.keys()].join(' | ')} |`,
    '|---|---|---|---|---|',
    ...outlierRows,
    '',
    '| forecast, a week ahead | mean error, in noises | true course inside the band |',
    '|---|---|---|',
    ...forecastRows,
    '',
  ].join('\n')
}
