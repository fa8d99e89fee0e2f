import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backtestAnswer } from '../../cli/backtest/answer.ts'
import { showBacktest } from '../../cli/backtest/show.ts'
import { duration, parseTime } from '../../cli/backtest/time.ts'
import { baseUrlOf } from '../support/address.ts'
import { temporaryFolder } from '../support/folder.ts'

const main = new URL('../../cli/main.ts', import.meta.url).pathname
const answerFile = new URL('backtest/answer.json', import.meta.url)
const goldenFile = new URL('backtest/shown.txt', import.meta.url)

type Asked = Readonly<{ path: string; keys: readonly (string | undefined)[]; body: ReturnType<typeof JSON.parse> }>

const folder = temporaryFolder()
let server: Server
let url = ''
/** What the server answers next, and what it was asked last. */
let next: Readonly<{ status: number; body: string }> = { status: 200, body: '' }
let asked: Asked | null = null

beforeAll(async () => {
  server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const keys = [req.headers['dd-api-key'], req.headers['dd-application-key']].map((key) => key?.toString())
      asked = { path: `${req.method} ${req.url}`, keys, body: JSON.parse(Buffer.concat(chunks).toString()) }
      res.writeHead(next.status, { 'content-type': 'application/json' }).end(next.body)
    })
  }).listen(0, '127.0.0.1')
  url = await baseUrlOf(server)
  await writeFile(join(folder.path, 'monitor.json'), JSON.stringify({ name: 'load', type: 'query alert', query: 'q', id: 7 }))
  await writeFile(join(folder.path, 'monitor.yaml'), 'name: load\ntype: query alert\nquery: "q"\noptions:\n  interval: 60\n')
})
afterAll(() => {
  server.close()
  folder.remove()
})

type Ended = Readonly<{ code: number; out: string; err: string }>

/** With keys in the environment, in UTC, and with a data directory that holds nothing. */
function tocsin(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const keys = { TOCSIN_API_KEY: 'api-key-of-the-cli-tests', TOCSIN_APP_KEY: 'application-key-of-the-cli-tests' }
  const env = { PATH: process.env.PATH, TZ: 'UTC', TOCSIN_DATA_DIR: folder.path, ...keys, ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'backtest', ...args], { cwd: folder.path, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

const times = ['--from', '2026-01-01', '--to', '2026-01-01T02:00:00Z'] as const

describe('tocsin backtest', () => {
  test('shows what would have happened', async () => {
    next = { status: 200, body: await readFile(answerFile, 'utf8') }
    const { code, out, err } = await tocsin(['monitor.json', ...times, '--api', url])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    if (process.env.UPDATE_GOLDEN === '1') await writeFile(goldenFile, out)
    expect(out).toBe(await readFile(goldenFile, 'utf8'))
  })

  test('asks with the keys of the environment, for the definition as it stands in the file', async () => {
    await tocsin(['monitor.json', ...times, '--api', url])
    expect(asked).toEqual({
      path: 'POST /api/v2/monitor/backtest',
      keys: ['api-key-of-the-cli-tests', 'application-key-of-the-cli-tests'],
      body: {
        monitor: { name: 'load', type: 'query alert', query: 'q', id: 7 },
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-01-01T02:00:00.000Z',
      },
    })
  })

  test('reads YAML, or takes a monitor that the server has, and keys that are given', async () => {
    await tocsin(['monitor.yaml', ...times, '--api', url, '--api-key', 'a'.repeat(16), '--app-key', 'b'.repeat(16)])
    expect(asked).toMatchObject({ keys: ['a'.repeat(16), 'b'.repeat(16)], body: { monitor: { options: { interval: 60 } } } })
    await tocsin(['--monitor', '12', ...times, '--api', url])
    expect(asked?.body).toMatchObject({ monitor_id: 12 })
  })

  test('--json is the whole answer', async () => {
    next = { status: 200, body: await readFile(answerFile, 'utf8') }
    const { code, out } = await tocsin(['monitor.json', ...times, '--api', url, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual(JSON.parse(next.body))
  })

  test.each([
    [400, 2, 'monitor: query: syntax error'],
    [404, 2, 'Monitor not found'],
    [403, 3, 'Forbidden'],
    [429, 3, 'try again when one is done'],
    [503, 3, 'Temporal gave no answer'],
  ])('HTTP %i ends with %i and says why', async (status, code, error) => {
    next = { status, body: JSON.stringify({ errors: [error] }) }
    expect(await tocsin(['monitor.json', ...times, '--api', url])).toEqual({ code, out: '', err: `HTTP ${status}: ${error}\n` })
  })

  test('a server that isn’t there ends with 3', async () => {
    const { code, err } = await tocsin(['monitor.json', ...times, '--api', 'http://127.0.0.1:9'])
    expect(code).toBe(3)
    expect(err).toContain('http://127.0.0.1:9 does not answer')
  })

  test('an answer that isn’t one ends with 3', async () => {
    next = { status: 200, body: '{"hello":"world"}' }
    expect(await tocsin(['monitor.json', ...times, '--api', url])).toMatchObject({ code: 3, out: '' })
  })

  test.each<readonly [string, readonly string[], string]>([
    ['no monitor', times, 'expected one monitor'],
    ['two monitors', ['monitor.json', 'monitor.yaml', ...times], 'expected one monitor'],
    ['a file and an id', ['monitor.json', '--monitor', '7', ...times], 'expected one monitor'],
    ['an id that is none', ['--monitor', 'seven', ...times], '--monitor: expected an id, not seven'],
    ['no time', ['monitor.json'], '--from is missing'],
    ['a time that is none', ['monitor.json', '--from', 'yesterday'], '--from: expected a date or time'],
    ['an unknown option', ['monitor.json', ...times, '--fast'], "unknown option '--fast'"],
    ['an address that is none', ['monitor.json', ...times, '--api', 'localhost'], '--api: expected an address'],
    ['a file that isn’t there', ['none.json', ...times], 'none.json: ENOENT'],
  ])('%s ends with 2', async (_what, args, error) => {
    const { code, out, err } = await tocsin(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(error)
  })

  test('without keys says where they come from', async () => {
    const { code, err } = await tocsin(['monitor.json', ...times, '--api', url], { TOCSIN_API_KEY: '', TOCSIN_APP_KEY: '' })
    expect(code).toBe(2)
    expect(err).toContain('no keys: set TOCSIN_API_KEY')
  })

  test('a file that holds no monitor is named', async () => {
    await writeFile(join(folder.path, 'list.json'), '[1, 2]')
    await writeFile(join(folder.path, 'broken.yaml'), 'name: [')
    expect(await tocsin(['list.json', ...times, '--api', url])).toMatchObject({
      code: 2,
      err: 'list.json: expected one monitor, as the API takes it\n',
    })
    expect((await tocsin(['broken.yaml', ...times, '--api', url])).err).toContain('broken.yaml: ')
  })
})

describe('what is shown', () => {
  const marked = (_status: string, text: string): string => `<${text}>`

  test('is coloured where it is a status, and fits the terminal', async () => {
    const answer = backtestAnswer.parse(JSON.parse(await readFile(answerFile, 'utf8')))
    const lines = showBacktest(answer, 60, marked)
    expect(lines.find((line) => line.includes('host:web-1') && line.includes('<▓>'))).toBeDefined()
    const shown = showBacktest(answer, 60, (_status, text) => text).filter((line) => /[▓▒░·]{5}/.test(line))
    expect(shown.every((line) => line.length <= 60)).toBe(true)
  })
})

describe('times', () => {
  const nowMs = Date.UTC(2026, 10, 24, 12)

  test.each([
    ['now', nowMs],
    ['now-1h', nowMs - 3_600_000],
    ['now-90m', nowMs - 5_400_000],
    ['now-2w', nowMs - 14 * 86_400_000],
    ['1795600000', 1_795_600_000_000],
    ['2026-11-01T08:00:00Z', Date.UTC(2026, 10, 1, 8)],
    ['2026-11-01 08:00+02:00', Date.UTC(2026, 10, 1, 6)],
    ['2026-11-01', new Date(2026, 10, 1).getTime()],
    ['2026-11-01T08:30', new Date(2026, 10, 1, 8, 30).getTime()],
  ])('%s', (text, ms) => {
    expect(parseTime(text, nowMs)).toBe(ms)
  })

  test.each(['', 'yesterday', 'now+1h', 'now-', 'now-1y', '2026-13-01', '2026-11-01T25:00Z', '11/01/2026', '17956000000000'])(
    '%j is none',
    (text) => {
      expect(parseTime(text, nowMs)).toBeNull()
    },
  )

  test.each([
    [0, '0 s'],
    [36, '36 s'],
    [600, '10 min'],
    [12_060, '3 h 21 min'],
    [187_200, '2 d 4 h'],
  ])('%i seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
})
