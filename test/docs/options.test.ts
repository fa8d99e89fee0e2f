import { describe, expect, test } from 'vitest'
import { monitorOptions } from '../../contract/options.ts'
import { monitorTypes } from '../../contract/types.ts'
import { flagsOf } from '../../core/message/flags.ts'
import { read } from './pages.ts'

const page = read('docs/semantics.md')

/** Names in the first column of a section's table, or anywhere in a section. */
function namesIn(heading: string): string[] {
  const [, section = ''] = new RegExp(`^### ${heading}$(.*?)^##`, 'ms').exec(page) ?? []
  return [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name))
}

/** Options that the code reads, wherever a definition is compiled or a message is made. */
const readHere = ['core/monitor/spec.ts', 'core/message/context.ts', 'core/message/render.ts', 'core/message/preset.ts']
const honoured = new Set(readHere.flatMap((file) => [...read(file).matchAll(/\boptions\.(\w+)/g)].map(([, name = '']) => name)))

describe('the page about what a monitor means', () => {
  test('lists as honoured the options that the engine reads, and no other', () => {
    expect([...new Set(namesIn('Honoured'))].sort()).toEqual([...honoured].sort())
  })

  test('lists every other option as stored only', () => {
    const stored = Object.keys(monitorOptions.shape).filter((name) => !honoured.has(name))
    expect([...new Set(namesIn('Stored only'))].sort()).toEqual(stored.sort())
  })

  test('names every type of monitor', () => {
    expect(monitorTypes.filter((type) => !page.includes(`\`${type}\``))).toEqual([])
  })

  test('names every block of a message', () => {
    const blocks = Object.keys(flagsOf({ from: 'OK', to: 'Alert', reason: 'threshold-crossed' }))
    expect(blocks.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
