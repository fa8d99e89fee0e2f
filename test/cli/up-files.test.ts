import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../cli/http.ts'
import { applyExamples, readExamples } from '../../cli/up/examples.ts'
import { ensureKeys, ensureSecretKey, readKeys } from '../../cli/up/keys.ts'
import { openLog } from '../../cli/up/log-file.ts'
import { choosePorts } from '../../cli/up/port.ts'
import { loadUpSettings, localUrl } from '../../cli/up/settings.ts'
import { loadConfig } from '../../config.ts'
import { parseQuery } from '../../core/query/parse.ts'
import { temporaryFolder } from '../support/folder.ts'
import { jsonServer } from '../support/json-server.ts'

const none = { apiKey: null, appKey: null }
const examplesFolder = fileURLToPath(new URL('../../examples/monitors/', import.meta.url))

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder.remove())

describe('keys', () => {
  it('are made once, for this user alone, and stay', () => {
    const first = ensureKeys(folder.path, none)
    expect(first.generated).toBe(true)
    expect(statSync(join(folder.path, 'keys.json')).mode & 0o777).toBe(0o600)
    expect(ensureKeys(folder.path, none)).toEqual({ keys: first.keys, generated: false })
  })

  it('come from the environment first', () => {
    const given = { apiKey: 'a'.repeat(32), appKey: 'b'.repeat(40) }
    expect(ensureKeys(folder.path, given)).toEqual({ keys: given, generated: false })
    expect(readKeys(folder.path, none)).toBeNull()
  })

  it('of secrets is made once, for this user alone, and stays', () => {
    const made = ensureSecretKey(folder.path)
    expect(Buffer.from(made, 'base64')).toHaveLength(32)
    expect(ensureSecretKey(folder.path)).toBe(made)
    expect(statSync(join(folder.path, 'secret.key')).mode & 0o777).toBe(0o600)
    expect(loadConfig({ TOCSIN_SECRET_KEY: made }).secretKeys).toHaveLength(1)
  })

  it('that cannot be read say what to do', () => {
    writeFileSync(join(folder.path, 'keys.json'), '{"apiKey":')
    expect(() => readKeys(folder.path, none)).toThrow(/mend it, or delete it/)
  })
})

describe('ports', () => {
  it('stay the same from start to start, except where one is taken', async () => {
    const file = join(folder.path, 'ports.json')
    const first = await choosePorts(file, { one: 0, two: 0 })
    expect(await choosePorts(file, { one: 0, two: 0 })).toEqual(first)
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(first.one, '127.0.0.1', resolve))
    const second = await choosePorts(file, { one: 0, two: 0 })
    await new Promise((resolve) => squatter.close(resolve))
    expect(second.two).toBe(first.two)
    expect(second.one).not.toBe(first.one)
  })

  it('of two names are never the same', async () => {
    const file = join(folder.path, 'ports.json')
    const { one } = await choosePorts(file, { one: 0 })
    const both = await choosePorts(file, { one, two: one })
    expect(both.two).not.toBe(both.one)
  })
})

describe('a log', () => {
  it('is turned over past its bound, keeps its end, and takes late words after it was closed', () => {
    const path = join(folder.path, 'child.log')
    const log = openLog(path)
    log.write(`${'x'.repeat(6 * 1024 * 1024)}\n`)
    log.write('after\n')
    log.close()
    log.write('late\n')
    expect(readFileSync(path, 'utf8')).toBe('after\n')
    expect(statSync(`${path}.1`).size).toBeGreaterThan(6 * 1024 * 1024)
    expect(log.tail().at(-1)).toBe('after')
  })
})

describe('settings', () => {
  it('start servers unless the environment names some', () => {
    expect(loadUpSettings({})).toMatchObject({ databaseUrl: null, temporalAddress: null, port: 8080, host: '127.0.0.1' })
    const named = { DATABASE_URL: 'postgresql://u@db/x', TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_NAMESPACE: 'alerts' }
    expect(loadUpSettings(named)).toMatchObject({
      databaseUrl: 'postgresql://u@db/x',
      temporalAddress: 'temporal:7233',
      namespace: 'alerts',
    })
  })

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:1'],
    ['::', 'http://[::1]:1'],
    ['fe80::1', 'http://[fe80::1]:1'],
    ['localhost', 'http://localhost:1'],
  ])('reach a server that listens on %s at %s', (host, url) => {
    expect(localUrl(host, 1)).toBe(url)
  })
})

describe('example monitors', () => {
  const examples = readExamples(examplesFolder, 'http://127.0.0.1:8080')

  it('are at least eight', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8)
  })

  it.each(examples)('$key has a query that parses, and a message that helps', ({ text }) => {
    const monitor = JSON.parse(text)
    expect(parseQuery(monitor.type, monitor.query)).toMatchObject({ kind: 'parsed' })
    expect(monitor.message.length).toBeGreaterThan(100)
    expect(text).not.toContain('TOCSIN_API_URL')
  })

  it('are applied once each, again when changed or when the database is another, and what is refused is said', async () => {
    const server = await jsonServer(({ url }) =>
      url.endsWith('/bad') ? { status: 400, body: { errors: ['no'] } } : { status: 200, body: {} },
    )
    for (const name of ['one', 'two', 'bad']) writeFileSync(join(folder.path, `${name}.json`), `{"name":"${name}"}`)
    const client = createHttpClient({ baseUrl: server.url, apiKey: 'a', appKey: 'b' })
    const apply = (database: string): ReturnType<typeof applyExamples> =>
      applyExamples({ folder: folder.path, recordFile: join(folder.path, 'record'), database, client })
    expect(await apply('d1')).toEqual({ applied: ['one', 'two'], unchanged: [], refused: ['bad: HTTP 400: no'] })
    expect(await apply('d1')).toMatchObject({ applied: [], unchanged: ['one', 'two'] })
    writeFileSync(join(folder.path, 'two.json'), '{"name":"second"}')
    expect(await apply('d1')).toMatchObject({ applied: ['two'], unchanged: ['one'] })
    expect(await apply('d2')).toMatchObject({ applied: ['one', 'two'], unchanged: [] })
    await server.close()
  })
})
