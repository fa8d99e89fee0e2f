import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChildSpec } from '../../cli/up/child.ts'
import { identify } from '../../cli/up/processes.ts'
import { claimRun, type RunFiles, recordOf } from '../../cli/up/run-files.ts'
import { createSupervisor, type Supervisor } from '../../cli/up/supervisor.ts'
import { waitFor } from '../../cli/up/wait.ts'
import { temporaryFolder } from '../support/folder.ts'

const ready = { ask: async () => true, timeoutMs: 10_000 }
const never = new AbortController().signal

let folder: ReturnType<typeof temporaryFolder>
let runFiles: RunFiles
let lines: string[]
let supervisor: Supervisor

beforeEach(async () => {
  folder = temporaryFolder()
  lines = []
  runFiles = await claimRun(folder.path, say)
  supervisor = createSupervisor({ dataDir: folder.path, runFiles, say, signal: never })
})

afterEach(async () => {
  await supervisor.stop()
  runFiles.release()
  folder.remove()
})

describe('the supervisor', () => {
  it('stops children in reverse order, each once, however often it is asked', async () => {
    for (const name of ['first', 'second', 'third']) await supervisor.start(node(name, appendOnStop(name)), written(name))
    await Promise.all([supervisor.stop(), supervisor.stop()])
    await supervisor.stop()
    expect(readFileSync(join(folder.path, 'stops'), 'utf8').trim().split('\n')).toEqual(['third', 'second', 'first'])
    expect(lines).toEqual(['stopped third', 'stopped second', 'stopped first'])
  })

  it('starts a child again that was killed', async () => {
    await supervisor.start(node('phoenix', appendOnStop('phoenix')), written('phoenix'))
    const [first] = children()
    process.kill(first?.pid ?? 0, 'SIGKILL')
    const second = await waitFor(async () => children().find(({ pid }) => pid !== first?.pid) ?? null, {
      what: 'a new child',
      timeoutMs: 10_000,
    })
    expect(identify(second.pid)).toBe(second.identity)
    expect(lines).toContain('phoenix ended (SIGKILL); starting it again in 0.5 s')
  })

  it('kills a child that does not stop when asked', async () => {
    await supervisor.start(
      { ...node('deaf', `process.on('SIGTERM', () => {}); ${tellStarted('deaf')}`), stopTimeoutMs: 300 },
      written('deaf'),
    )
    const [child] = children()
    await supervisor.stop()
    expect(identify(child?.pid ?? 0)).not.toBe(child?.identity)
  })

  it('gives up on a child that dies before it is ready, with the end of its log', async () => {
    const hopeless = node('hopeless', `console.log('no such door'); process.exit(3)`)
    const started = supervisor.start(hopeless, { ask: async () => false, timeoutMs: 20_000 })
    await expect(started).rejects.toThrow(/hopeless did not start: it ended 3 times[\s\S]*no such door/)
  })

  it('says which child is not ready in time', async () => {
    const slow = node('slow', tellStarted('slow'))
    await expect(supervisor.start(slow, { ask: async () => false, timeoutMs: 200 })).rejects.toThrow('waited 0.2 s for slow to be ready')
  })

  it('says what a command that does not exist lacks', async () => {
    const missing = { ...node('missing', ''), command: join(folder.path, 'no-such-program') }
    await expect(supervisor.start(missing, { ask: async () => false, timeoutMs: 20_000 })).rejects.toThrow(/ENOENT/)
  })
})

describe('a data directory', () => {
  it('belongs to one start at a time, and says to which', async () => {
    await expect(claimRun(folder.path, say)).rejects.toThrow(`process ${process.pid}`)
  })

  it('is cleared of what a killed start left running', async () => {
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
    const record = recordOf(orphan.pid ?? 0)
    expect(record).not.toBeNull()
    const left = temporaryFolder()
    mkdirSync(join(left.path, 'run'))
    writeFileSync(join(left.path, 'run', 'supervisor.json'), JSON.stringify({ pid: process.pid, identity: 'an earlier process' }))
    writeFileSync(join(left.path, 'run', 'children.json'), JSON.stringify([{ ...record, name: 'api', stopSignal: 'SIGTERM' }]))
    const claimed = await claimRun(left.path, say)
    expect(identify(orphan.pid ?? 0)).not.toBe(record?.identity)
    expect(lines).toContain(`ended api (process ${orphan.pid}), left by a start that was killed`)
    claimed.release()
    left.remove()
  })

  it('is claimed although its notes are cut off, and ends no process that is not the recorded one', async () => {
    const left = temporaryFolder()
    mkdirSync(join(left.path, 'run'))
    writeFileSync(join(left.path, 'run', 'supervisor.json'), '{"pid": 1')
    const stranger = { pid: process.pid, identity: 'another boot', name: 'postgres', stopSignal: 'SIGINT' }
    writeFileSync(join(left.path, 'run', 'children.json'), JSON.stringify([stranger]))
    const claimed = await claimRun(left.path, say)
    expect(lines).toEqual([])
    claimed.release()
    left.remove()
  })
})

function say(line: string): void {
  lines.push(line)
}

function node(name: string, script: string): ChildSpec {
  return {
    name,
    command: process.execPath,
    args: ['-e', `const { appendFileSync, writeFileSync } = require('node:fs'); ${script}`],
    env: process.env,
    cwd: folder.path,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  }
}

const tellStarted = (name: string): string => `writeFileSync('${name}.started', ''); setInterval(() => {}, 1000);`

const appendOnStop = (name: string): string =>
  `process.on('SIGTERM', () => { appendFileSync('stops', '${name}\\n'); process.exit(0) }); ${tellStarted(name)}`

const written = (name: string): typeof ready => ({ ask: async () => existsSync(join(folder.path, `${name}.started`)), timeoutMs: 10_000 })

function children(): { name: string; pid: number; identity: string }[] {
  return JSON.parse(readFileSync(join(folder.path, 'run', 'children.json'), 'utf8'))
}
