import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { patches } from '../../workflows/versions.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Ids of patched() and deprecatePatch() in a source; one that isn't a plain text can't be held against the register. */
function patchIdsIn(source: string): string[] {
  const code = source.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '')
  const calls = [...code.matchAll(/\b(?:patched|deprecatePatch)\(\s*(?:'([^']*)'|"([^"]*)"|([^)]*))/g)]
  return calls.map(([, single, double, other]) => single ?? double ?? `not a plain text: ${other}`)
}

const used = globSync('workflows/**/*.ts', { cwd: root }).flatMap((path) => patchIdsIn(readFileSync(`${root}${path}`, 'utf8')))
const registered = patches.map(({ id }) => id)

describe('the ids of a source', () => {
  test.each([
    ["if (patched('notify-once')) {", ['notify-once']],
    ['deprecatePatch("notify-once")', ['notify-once']],
    ['patched(id)', ['not a plain text: id']],
    ["// patched('told-about')\n/** patched('told-about') */", []],
    ["import { patched } from '@temporalio/workflow'", []],
  ])('%s', (source, ids) => {
    expect(patchIdsIn(source)).toEqual(ids)
  })
})

test('each patched id in workflows/ is registered, and each registered one is used', () => {
  expect([...new Set(used)].sort()).toEqual([...registered].sort())
})

test('an id is registered once, with its reason and the release that brought it', () => {
  expect(new Set(registered).size).toBe(registered.length)
  for (const { id, why, since, until } of patches) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(why.length, id).toBeGreaterThan(20)
    for (const release of until === null ? [since] : [since, until]) expect(release, id).toMatch(/^\d+\.\d+\.\d+$/)
  }
})
