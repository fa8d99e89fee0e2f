import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readScenarios } from '../../cli/test-scenarios/read.ts'
import { temporaryFolder } from '../support/folder.ts'

const folders: ReturnType<typeof temporaryFolder>[] = []
afterAll(() => {
  for (const { remove } of folders) remove()
})

function newFolder(): string {
  const folder = temporaryFolder()
  folders.push(folder)
  return folder.path
}

const main = new URL('../../cli/main.ts', import.meta.url).pathname
const docs = new URL('../../docs/scenarios.md', import.meta.url).pathname

const good = `name: a < b & "c"
monitor: { type: query alert, query: "avg(last_1m):avg:cpu{*} > 90" }
series: 10 95
expect: [1 OK → Alert]
`

type Ended = Readonly<{ code: number; out: string; err: string }>

function tocsin(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

describe('tocsin test', () => {
  test('runs the examples of its documentation', async () => {
    const examples = [...(await readFile(docs, 'utf8')).matchAll(/```yaml scenario\n(.*?)```/gs)].map(([, text]) => text ?? '')
    expect(examples).toHaveLength(2)
    const folder = newFolder()
    const files = await Promise.all(
      examples.map(async (text, index) => {
        const file = join(folder, `${index}.yaml`)
        await writeFile(file, text)
        return file
      }),
    )
    expect(await tocsin('test', ...files)).toEqual({ code: 0, out: '4 of 4 scenarios as expected\n', err: '' })
  })

  test('shows the difference and ends with 1', async () => {
    const file = join(newFolder(), 'bad.yaml')
    await writeFile(file, good.replace('10 95', '10 95 10'))
    const { code, out } = await tocsin('test', file)
    expect(code).toBe(1)
    expect(out.split('\n')).toEqual([
      `FAIL ${file}:1 a < b & "c"`,
      '      1 * OK → Alert, threshold-crossed, value 95, told entered-alert',
      '    + 2 * Alert → OK, threshold-recovered, value 10, told recovered',
      '',
      '0 of 1 scenarios as expected (- expected, + came out)',
      '',
    ])
  })

  test('writes JUnit XML', async () => {
    const folder = newFolder()
    const files = [join(folder, 'good.yaml'), join(folder, 'bad.yaml')] as const
    await writeFile(files[0], good)
    await writeFile(files[1], good.replace('1 OK', '0 OK'))
    const report = join(folder, 'report.xml')
    expect((await tocsin('test', '--junit', report, ...files)).code).toBe(1)
    const xml = await readFile(report, 'utf8')
    expect(xml).toContain('<testsuites tests="2" failures="1" errors="0"')
    expect(xml).toContain('name="a &lt; b &amp; &quot;c&quot;"')
    expect(xml).toContain('- 0 * OK → Alert\n+ 1 * OK → Alert, threshold-crossed')
  })

  test('ends with 2 where a file can’t be read, and still runs the others', async () => {
    const folder = newFolder()
    const file = join(folder, 'good.yaml')
    const broken = join(folder, 'broken.yaml')
    await writeFile(file, good)
    await writeFile(broken, good.replace('95', 'ninety'))
    const { code, out, err } = await tocsin('test', broken, join(folder, 'none.yaml'), file)
    expect(code).toBe(2)
    expect(out).toBe('1 of 1 scenarios as expected; 2 errors in the files\n')
    expect(err).toContain(`${broken}:3: series.*: "ninety" is no value`)
    expect(err).toContain('none.yaml: ENOENT')
  })

  test.each([[[]], [['--fast', 'a.yaml']], [['--junit']]])('with %j says how it is used', async (args) => {
    const { code, err } = await tocsin('test', ...args)
    expect(code).toBe(2)
    expect(err).toContain('Usage: tocsin test')
  })

  test('an unknown command is named', async () => {
    expect(await tocsin('dance')).toMatchObject({ code: 2, err: expect.stringContaining("unknown command 'dance'") })
  })
})

describe('an error names its line', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['of YAML that is none', 'name: [', 'f:1: '],
    ['of a field that is unknown', good.replace('expect:', 'expectation: []\nexpect:'), 'f:4: expectation: unknown field'],
    ['of a value in a numbered slot', `${good}slots:\n  0: 1\n  1: gone\n`, 'f:7: slots.1'],
    ['of a scenario among others', `scenarios:\n  - ${good.trim().replaceAll('\n', '\n    ')}\n  - name: second\n`, 'f:6: expect: '],
    ['of something twice', `${good}name: again\n`, 'f:5: Map keys must be unique'],
    ['of an alias to nothing', good.replace('10 95', '*'), 'f:3: '],
    ['of two documents', `${good}---\n${good}`, 'f:5: '],
  ]
  test.each(cases)('%s', (_what, text, expected) => {
    const read = readScenarios('f', text)
    expect(read.ok ? [] : read.errors.join('\n')).toContain(expected)
  })

  test('a file that multiplies itself is refused', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index]}, `.repeat(8)}]`),
    ].join('\n')
    expect(readScenarios('f', bomb)).toMatchObject({ ok: false, errors: [expect.stringContaining('f: ')] })
  })

  test('0x3 is three slots of nought, not a number', () => {
    const read = readScenarios('f', good.replace('10 95', '0x3').replace('[1 OK → Alert]', '[]'))
    expect(read.ok && read.scenarios[0]?.scenario.slots).toHaveLength(3)
  })
})
