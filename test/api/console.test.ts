/** The console's files as the API serves them: packed, kept by browsers where they never change, and only where pages are. */
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consoleFiles } from '../../api/console.ts'
import { readConsole } from '../../api/console-files.ts'
import { consolePaths, matchConsolePath } from '../../contract/console.ts'

let folder: string
let server: Server
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-console-'))
  await mkdir(join(folder, 'assets'))
  const files = { 'index.html': '<!doctype html>', 'favicon.svg': '<svg/>', 'assets/index-abc.js': 'export {}', 'notes.txt': 'no' }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await writeFile(join(folder, 'assets/index-abc.js.gz'), gzipSync('export {}'))
  const app = express().use(consoleFiles(await readConsole(folder)))
  app.use((_req, res) => {
    res.status(418).end()
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
    })
    asked.on('error', reject).end()
  })
}

test.each(['/', '/monitors', '/monitors?q=status%3Aalert', '/sign-in'])(
  '%s is the document, asked for anew each time, under its policy',
  async (path) => {
    const { status, headers, body } = await get(path)
    expect([status, body.toString(), headers['cache-control']]).toEqual([200, '<!doctype html>', 'no-cache'])
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  },
)

test.each([
  '/api/v1/monitor',
  '/api/unknown',
  '/prometheus/api/v1/rules',
  '/codec/decode',
  '/health',
  '/metrics',
  '/index.html',
  '/notes.txt',
  '/nowhere',
  '/assets/gone.js',
  '/..%2f..%2fpackage.json',
])('%s is none of the console’s', async (path) => {
  expect((await get(path)).status).toBe(418)
})

test('what is named by its content is kept for ever, and comes packed to those who can unpack it', async () => {
  const packed = await get('/assets/index-abc.js', { 'accept-encoding': 'gzip, br' })
  expect(packed.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'Accept-Encoding',
  })
  expect(packed.headers['cache-control']).toContain('immutable')
  expect(gunzipSync(packed.body).toString()).toBe('export {}')
  const plain = await get('/assets/index-abc.js')
  expect([plain.headers['content-encoding'], plain.body.toString()]).toEqual([undefined, 'export {}'])
})

test('HEAD has no body, and nothing but reading is answered', async () => {
  const head = await get('/monitors', {}, 'HEAD')
  expect([head.status, head.body.byteLength]).toEqual([200, 0])
  expect((await get('/monitors', {}, 'POST')).status).toBe(418)
})

test('a folder without a console is refused with what to do', async () => {
  await expect(readConsole(join(folder, 'assets'))).rejects.toThrow('npm run console')
})

test('no address of the console is one of the API', () => {
  expect(consolePaths.filter((path) => /^\/(api|prometheus|codec|health|ready|metrics|v1|assets)(\/|$)/.test(path))).toEqual([])
  expect(matchConsolePath('/monitors/')?.path).toBe('/monitors')
  expect(matchConsolePath('/api/docs')).toBeNull()
})
