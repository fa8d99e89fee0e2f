import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseDefinition } from '../../contract/parse.ts'

const corpus = new URL('../../../shared/corpus/datadog-monitors.jsonl', import.meta.url)
const page = new URL('../../docs/grammar-gaps.md', import.meta.url)
const begin = '<!-- begin of what test/contract/public-monitors.test.ts writes -->'
const end = '<!-- end -->'

const entry = z.object({ source: z.string(), monitor: z.looseObject({ type: z.string() }) })

test('the page lists each public monitor that is refused, with the reason, and at least 99 % are taken', () => {
  if (!existsSync(corpus)) return console.log('skipping the public definitions: the folder shared/corpus is not here')
  const entries = readFileSync(corpus, 'utf8')
    .trim()
    .split('\n')
    .map((line) => entry.parse(JSON.parse(line)))
  const judged = entries.map(({ source, monitor }) => {
    const parsed = parseDefinition(monitor)
    return { source, type: monitor.type, errors: parsed.ok ? [] : parsed.errors }
  })
  const refused = judged.filter(({ errors }) => errors.length > 0)
  const types = [...new Set(judged.map(({ type }) => type))].sort()
  const count = (type: string, of: readonly { type: string }[]): number => of.filter((one) => one.type === type).length
  const table = [
    '| type | monitors | taken |',
    '|---|---|---|',
    ...types.map((type) => `| ${type} | ${count(type, judged)} | ${count(type, judged) - count(type, refused)} |`),
  ]
  const list = refused.map(({ source, errors }) => `- \`${source}\`: ${errors.join('; ')}`)
  const text = [...table, '', ...(list.length === 0 ? ['None of them is refused.'] : ['Refused:', '', ...list])].join('\n')
  const written = readFileSync(page, 'utf8')
  const updated = written.replace(new RegExp(`${begin}[^]*${end}`), `${begin}\n${text}\n${end}`)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(page, updated)
  else expect(written).toBe(updated)
  expect(1 - refused.length / judged.length).toBeGreaterThanOrEqual(0.99)
})
