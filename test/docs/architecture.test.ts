import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { deadLinks, gonePaths, namedFiles, namedScripts, read, readPages, root } from './pages.ts'

const pages = readPages()

describe('each page names only what is there', () => {
  test('all pages are looked at', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/api.md']),
    )
  })

  test.each(pages)('paths: $path', (page) => {
    expect(gonePaths(page)).toEqual([])
  })

  test.each(pages)('links: $path', (page) => {
    expect(deadLinks(page)).toEqual([])
  })

  test.each(pages)('commands: $path', (page) => {
    expect(namedScripts(page).filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([])
    expect(namedFiles(page).filter((file) => globSync(file, { cwd: root }).length === 0)).toEqual([])
  })
})

describe('what is gone is found', () => {
  test.each([
    ['a folder', 'see `core/gone/`', ['core/gone/']],
    ['a file', 'see `core/monitor/{step,gone}.ts` and `gone.ts`', ['gone.ts']],
    ['several at once', 'see `workflows/*.sql`', ['workflows/*.sql']],
    ['nothing where all is there', 'see `core/monitor/step.ts`, `step.ts`, `adapters/*/`, `config.ts`, `.ci/run`', []],
    ['nothing in what is no path', 'see `GET /api/v1/monitor`, `host:web-1`, `/metrics`, `.tocsin/bin`, `last_5m`, `N/A`', []],
  ])('%s', (_what, text, gone) => {
    expect(gonePaths({ path: 'README.md', text })).toEqual(gone)
  })

  test.each([
    ['[a](docs/gone.md)', ['docs/gone.md']],
    ['![a](docs/images/gone.png)', ['docs/images/gone.png']],
    ['[a](#nothing-here)', ['#nothing-here']],
    ['[a](LICENSE) [b](https://temporal.io) [c](CHANGELOG.md#010)', []],
  ])('%s', (text, dead) => {
    expect(deadLinks({ path: 'README.md', text })).toEqual(dead)
  })
})

describe('ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md')
  /** Folders of code, two levels deep. */
  const folders = globSync(['*/', 'adapters/*/', 'core/*/', 'cli/*/'], { cwd: root })
    .map((folder) => folder.replace(/\/?$/, '/'))
    .filter((folder) => !folder.startsWith('node_modules'))

  test('has every folder in its code map', () => {
    expect(folders.filter((folder) => !text.includes(`\`${folder}\``))).toEqual([])
  })

  test('has a row in its import table for every folder that the rules hold', () => {
    const rules = read('.dependency-cruiser.mjs')
    const [, table = ''] = /^## Who may import whom$(.*?)^## /ms.exec(text) ?? []
    const ruled = ['core', 'contract', 'workflows', 'activities', 'adapters', 'telemetry', 'api', 'workers', 'cli']
    for (const folder of ruled) {
      expect(rules, folder).toMatch(new RegExp(`'\\^${folder}/`))
      expect(table, folder).toMatch(new RegExp(`^\\| \`${folder}/`, 'm'))
    }
  })

  test('names a test for every invariant', () => {
    const [, table = ''] = /^## Invariants$(.*?)^## /ms.exec(text) ?? []
    const rows = table.split('\n').filter((line) => /^\| [^-]/.test(line))
    expect(rows.length).toBeGreaterThan(8)
    for (const row of rows.slice(1)) expect(row).toMatch(/`test\/[^`]+`/)
  })
})

test('no page tells where it was written', () => {
  for (const { path, text } of pages) {
    const paths = [...text.matchAll(/(?<![\w./:-])\/(?:home|root|Users|work|tmp)\/\S+/g)].map(String)
    expect(paths, join(root, path)).toEqual([])
  }
})
