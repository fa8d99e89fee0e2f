/**
 * Datadog's libraries for Python, and its command `dog`, against this API. They are installed from PyPI into a folder of their own; where
 * that can't be done, the reason is printed and the tests are left out. Read next: test/support/datadog-clients.py.
 */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, keys, startApi } from './harness.ts'

const run = promisify(execFile)
/** It takes five seconds where nothing else runs; whoever has no network shall not wait for long. */
const installTimeoutMs = 60_000

const folder = await mkdtemp(join(tmpdir(), 'tocsin-python-'))
const problem = await install()
if (problem !== null) console.log(`Datadog's clients for Python could not be installed, so they are not tried: ${problem}`)

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(async () => {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

describe.runIf(problem === null)('Python', () => {
  test('both libraries make their rounds', async () => {
    const script = new URL('../support/datadog-clients.py', import.meta.url).pathname
    expect((await run('python3', [script], { env: environment() })).stdout).toContain('both libraries are content')
  })

  test('dog posts, shows, mutes and deletes a monitor', async () => {
    const query = 'avg(last_5m):avg:system.load.1{*} > 4'
    const posted = await dog('post', 'metric alert', query, '--name', 'from dog', '--message', 'x', '--tags', 'team:dog')
    const { id } = posted
    expect(posted).toMatchObject({ name: 'from dog', type: 'metric alert', tags: ['team:dog'] })
    expect(await dog('show', String(id))).toMatchObject({ id, query })
    expect(await dog('mute', String(id))).toMatchObject({ options: { silenced: { '*': null } } })
    expect(await dog('unmute', String(id))).toMatchObject({ options: { silenced: {} } })
    expect(await dog('update', String(id), 'metric alert', query, '--name', 'renamed')).toMatchObject({ name: 'renamed' })
    expect(await dog('show_all', '--name', 'renamed')).toMatchObject([{ id }])
    expect(await dog('can_delete', String(id))).toMatchObject({ data: { ok: [id] } })
    await dog('delete', String(id))
    await expect(dog('show', String(id))).rejects.toThrow('Monitor not found')
  })
})

/** What `dog monitor …` prints: the answer as JSON. */
async function dog(...words: string[]): Promise<ReturnType<typeof JSON.parse>> {
  const { stdout } = await run('python3', [join(folder, 'bin', 'dog'), '--raw', '--config', join(folder, 'dogrc'), 'monitor', ...words], {
    env: environment(),
  })
  return stdout.trim() === '' ? null : JSON.parse(stdout)
}

/** No key of whoever runs this may reach the clients, and no proxy stand in between. */
function environment(): NodeJS.ProcessEnv {
  const { PATH } = process.env
  return {
    PATH,
    HOME: folder,
    PYTHONPATH: folder,
    NO_PROXY: '127.0.0.1',
    DATADOG_HOST: api.url,
    DATADOG_API_KEY: keys.apiKey,
    DATADOG_APP_KEY: keys.appKey,
  }
}

/** null = done; else why not. */
async function install(): Promise<string | null> {
  // Compiling all that the newer one has takes longer than running what is used of it.
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--target', folder, 'datadog', 'datadog-api-client']
  try {
    await run('python3', pip, { timeout: installTimeoutMs })
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n').findLast((line) => line.trim() !== '') ?? '') : String(error)
  }
}
