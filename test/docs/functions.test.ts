import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { functions, type Parameter, type QueryFunction } from '../../core/query/functions.ts'

const page = new URL('../../docs/queries.md', import.meta.url)
const begin = '<!-- begin of what test/docs/functions.test.ts writes -->'
const end = '<!-- end -->'

/** top5(), bottom10_max() and so on are 64 names of one thing. */
const shorthand = /^(top|bottom)\d/

test('the page of queries has each function with its arguments, as the table has them', () => {
  const listed = functions.filter(({ name }) => !shorthand.test(name))
  const table = [
    '| function | |',
    '|---|---|',
    ...listed.map((one) => `| \`${callOf(one)}\` | ${one.about} |`),
    '| `top5(q)`, `bottom10_max(q)` … | The 5, 10, 15 or 20 highest or lowest groups by their mean, or by what the name ends with: max, min, last, area, l2norm, norm. |',
  ].join('\n')
  const written = readFileSync(page, 'utf8')
  const updated = written.replace(new RegExp(`${begin}[^]*?${end}`), `${begin}\n${table}\n${end}`)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(page, updated)
  else expect(written).toBe(updated)
})

function callOf({ name, parameters, groups }: QueryFunction): string {
  return `${name}(${['q', ...(groups === 'keys' ? ['{host}'] : parameters.map(parameterOf))].join(', ')})`
}

function parameterOf({ name, standard, choices }: Parameter): string {
  // A pipe ends a cell of a table, so choices are joined otherwise.
  const what = choices === undefined ? name : `${name}: ${choices.join(' ')}`
  if (standard === undefined) return what
  return standard === null ? `${what} = …` : `${what} = ${standard}`
}
