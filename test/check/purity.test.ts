import { expect, test } from 'vitest'
import { findImpurities } from '../../cli/check/purity.ts'

test.each([
  ['the clock', 'export const at = Date.now()', 'Date.now'],
  ['a date of now', 'export const at = () => new Date()', 'new Date()'],
  ['the clock as a function', 'export const at = Date()', 'new Date()'],
  ['chance', 'export const dice = () => Math.random()', 'Math.random'],
  ['the monotonic clock', 'export const at = () => performance.now()', 'performance'],
  ['a timer', 'setTimeout(() => {}, 1)', 'setTimeout'],
  ['waiting', 'export const wait = async () => {}', 'async'],
  ['a method that waits', 'export const thing = { async wait() {} }', 'async'],
  ['a promise', 'export const wait = () => Promise.resolve(1)', 'Promise'],
  ['a promise as a type', 'export type Wait = () => Promise<number>', 'Promise'],
  ['the environment', 'export const home = process.env.HOME', 'process'],
  ['the environment by another name', "export const home = globalThis['process']", 'globalThis'],
  ['output', "console.log('x')", 'console'],
  ['an npm package', "import { z } from 'zod'", 'import of zod'],
  ['a module of Node', "export { readFile } from 'node:fs'", 'import of node:fs'],
  ['an import at run time', "export const later = () => import('./x.ts')", 'import()'],
])('%s is found', (_, source, what) => {
  const findings = findImpurities('core/planted.ts', `/** ümlaut first */\n\n${source}\n`)
  expect(findings.join('\n')).toContain(`core/planted.ts:3 ${what}`)
})

test.each([
  ['a date of a number', 'export const text = (at: number) => new Date(at).toISOString()'],
  ['a property of such a name', 'export const name = (thing: { process: string; fetch: string }) => thing.process + thing.fetch'],
  ['a key of such a name', 'export const thing = { process: 1, console: 2 }'],
  ['an import of core', "import { step } from './step.ts'"],
  ['the word in a text', "export const text = 'Date.now() and Math.random()'"],
])('%s is no impurity', (_, source) => {
  expect(findImpurities('core/planted.ts', source)).toEqual([])
})
