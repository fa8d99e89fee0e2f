import { expect, test } from 'vitest'
import { read } from './pages.ts'

/** Variables of the schemas at the head of config.ts and temporal.config.ts: `  NAME: z…`. */
const variablesRead = ['config.ts', 'temporal.config.ts'].flatMap((file) =>
  [...read(file).matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name),
)

const [, section = ''] = /^## Environment$(.*?)^## /ms.exec(read('README.md')) ?? []
const variablesTold = [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = '']) => name),
)

test('the README tells of each variable that is read, and of no other', () => {
  expect(variablesRead.length).toBeGreaterThan(10)
  expect([...variablesTold].sort()).toEqual([...variablesRead].sort())
})
