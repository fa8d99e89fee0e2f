import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkLayers } from '../../cli/check/layers.ts'

const planted: readonly (readonly [file: string, source: string, rule: string])[] = [
  ['core/a.ts', "import '../config.ts'", 'core-is-pure'],
  ['core/b.ts', "import 'node:fs'", 'core-is-pure'],
  ['core/c.ts', "import type { Pool } from '../adapters/postgres/pool.ts'\nexport type P = Pool", 'core-is-pure'],
  ['contract/a.ts', "import '../api/errors.ts'", 'contract-is-shapes'],
  ['workflows/a.ts', "import '../activities/index.ts'", 'workflows-stay-small'],
  ['workflows/b.ts', "import type { Pool } from '../adapters/postgres/pool.ts'\nexport type P = Pool", 'workflows-know-types-only'],
  ['activities/a.ts', "import '../adapters/http/fetch.ts'", 'activities-know-ports'],
  ['adapters/http/a.ts', "import '../postgres/pool.ts'", 'adapter-http-stands-alone'],
  ['adapters/message/a.ts', "import '../http/fetch.ts'\nimport '../notifiers/log.ts'", 'adapter-message-stands-alone'],
  ['adapters/other/a.ts', "import 'node:fs'", 'adapters-have-a-folder-each'],
  ['telemetry/a.ts', "import '../adapters/postgres/pool.ts'", 'telemetry-knows-no-monitors'],
  ['api/a.ts', "import '../activities/index.ts'", 'api-talks-by-ports'],
  ['workers/a.ts', "import '../workflows/index.ts'", 'workers-wire'],
  ['workers/b.ts', "import '../test/support/until.ts'", 'nobody-imports-tests'],
  ['cli/a.ts', "import '../adapters/postgres/pool.ts'", 'cli-talks-http'],
  ['cli/up/a.ts', "import '../../workers/main.ts'", 'cli-up-starts-things'],
  ['core/x.ts', "import './y.ts'", 'no-circles'],
  ['api/b.ts', "import './nowhere.ts'", 'nothing-unresolved'],
]

/** What the planted files import, and imports that are fine. */
const fine: Readonly<Record<string, string>> = {
  'config.ts': '',
  'api/errors.ts': "import '../core/assert.ts'\nimport 'node:http'",
  'core/assert.ts': '',
  'core/y.ts': "import './x.ts'",
  'activities/index.ts': "import '../core/assert.ts'",
  'activities/ports.ts': '',
  'adapters/postgres/pool.ts': 'export type Pool = 1',
  'adapters/http/fetch.ts': "import '../../activities/ports.ts'\nimport 'node:http'",
  'adapters/notifiers/log.ts': "import '../http/fetch.ts'",
  'workflows/index.ts': "import type { A } from '../activities/types.ts'\nexport type B = A",
  'activities/types.ts': 'export type A = 1',
  'test/support/until.ts': "import '../../workers/main.ts'",
  'workers/main.ts': "import '../adapters/postgres/pool.ts'\nimport '../activities/index.ts'",
}

let folder = ''
let details = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-layers-'))
  for (const [path, source] of [...planted, ...Object.entries(fine)]) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), source)
  }
  details = (await checkLayers(folder, 10)).details
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const violations = (): { from: string; rule: string }[] =>
  [...details.matchAll(/^(\S+) → .*\n {4}(\S+): (.+)$/gm)].map(([, from = '', rule = '']) => ({ from, rule }))

test.each(planted)('%s with %j breaks the rule %s', (from, _, rule) => {
  expect(violations()).toContainEqual({ from, rule })
})

test('nothing else breaks a rule', () => {
  const files = new Set(planted.map(([file]) => file))
  expect(violations().filter(({ from }) => !files.has(from))).toEqual([])
})

test('a tree in which nothing was read fails rather than passes', async () => {
  expect(await checkLayers(folder, 1_000)).toMatchObject({ ok: false })
})
