import { expect, test } from 'vitest'
import type { Benchmark } from '../../bench/benchmark.ts'
import { renderResults } from '../../bench/report.ts'

const names = ['loop', 'step', 'query']
const circumstances = { date: 'today', machine: 'a machine', software: 'Tocsin', commit: 'abc', load: '0.1' }
const measured = (name: string, value: number) => {
  const benchmark: Benchmark = {
    name,
    about: `About ${name}.`,
    figures: [{ key: 'rate', label: 'a rate', digits: 0, goal: { atLeast: 5 } }],
    run: async () => ({ rate: value }),
  }
  return { benchmark, figures: { rate: value }, seconds: 3 }
}

test('each benchmark has its newest run on the page, in one order, whenever it was run', () => {
  const runs = [measured('query', 1), measured('loop', 7), measured('query', 9)]
  const page = runs.reduce((before, run) => renderResults(before, circumstances, run, names), '')
  expect(page.match(/^## .*$/gm)).toEqual(['## loop', '## query'])
  expect(page).toContain('| a rate | ≥ 5 | 9 | met |')
  expect(page).not.toContain('| 1 |')
  expect(page).toContain('Took 3 s on today, at commit abc.')
})

test('a run that is repeated changes nothing else', () => {
  const once = renderResults('', circumstances, measured('loop', 7), names)
  expect(renderResults(once, circumstances, measured('loop', 7), names)).toBe(once)
})
