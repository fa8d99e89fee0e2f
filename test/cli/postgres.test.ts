import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPool } from '../../adapters/postgres/pool.ts'
import { freePort } from '../../cli/up/port.ts'
import { startPostgres } from '../../cli/up/postgres.ts'
import { identify } from '../../cli/up/processes.ts'
import { canEnter, makePassableFolder, reachableCopy, reachableFolder } from '../../cli/up/reach.ts'
import { temporaryFolder } from '../support/folder.ts'

const somebody = { uid: 12_345, gid: 12_345 }
const isRoot = process.getuid?.() === 0

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder.remove())

describe('the embedded PostgreSQL', () => {
  it('keeps its data from start to start', async () => {
    const options = { dataDir: join(folder.path, 'postgres'), database: 'kept' }
    const first = await startPostgres({ ...options, port: await freePort() })
    await ask(first.url, 'create table kept (word text)')
    await ask(first.url, "insert into kept values ('still here')")
    await first.stop()
    const second = await startPostgres({ ...options, port: await freePort() })
    expect(await ask(second.url, 'select word from kept')).toEqual([{ word: 'still here' }])
    await second.stop()
  })

  it('takes over from one that nobody supervises any more, and from one that was killed', async () => {
    const options = { dataDir: join(folder.path, 'postgres'), database: 'kept' }
    const abandoned = await startPostgres({ ...options, port: await freePort() })
    const pid = Number(readFileSync(join(options.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
    const next = await startPostgres({ ...options, port: await freePort() })
    expect(identify(pid)).toBeNull()
    const nextPid = Number(readFileSync(join(options.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(nextPid, 'SIGKILL')
    const last = await startPostgres({ ...options, port: await freePort() })
    expect(await ask(last.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await last.stop()
    await Promise.all([abandoned.stop(), next.stop()])
  })

  it('is not kept from starting by a note whose process is somebody else by now', async () => {
    const options = { dataDir: join(folder.path, 'postgres'), database: 'kept' }
    const first = await startPostgres({ ...options, port: await freePort() })
    await first.stop()
    writeFileSync(join(options.dataDir, 'postmaster.pid'), `${process.pid}\n${options.dataDir}\n`)
    const second = await startPostgres({ ...options, port: await freePort() })
    await second.stop()
  })

  it('lies elsewhere where its user cannot enter, also after the data directory was moved', async () => {
    // Only root's PostgreSQL runs as another user; anybody else's can enter wherever this process can.
    const hidden = join(folder.path, 'hidden')
    mkdirSync(hidden, { mode: 0o700 })
    const first = await startPostgres({ dataDir: join(hidden, 'postgres'), port: await freePort(), database: 'kept' })
    await ask(first.url, 'create table kept ()')
    await first.stop()
    const note = join(hidden, 'postgres.location')
    expect(existsSync(note)).toBe(isRoot)
    renameSync(hidden, join(folder.path, 'moved'))
    const second = await startPostgres({ dataDir: join(folder.path, 'moved', 'postgres'), port: await freePort(), database: 'kept' })
    expect(await ask(second.url, 'select * from kept')).toEqual([])
    await second.stop()
    if (isRoot) rmSync(readFileSync(join(folder.path, 'moved', 'postgres.location'), 'utf8').trim(), { recursive: true })
  })
})

describe('what another user can reach', () => {
  it('ends at the first folder that is closed to them', () => {
    const inner = join(folder.path, 'closed', 'inner')
    mkdirSync(inner, { recursive: true })
    expect(canEnter(inner, somebody)).toBe(true)
    chmodSync(join(folder.path, 'closed'), 0o700)
    expect(canEnter(inner, somebody)).toBe(false)
    expect(canEnter(inner, { uid: process.getuid?.() ?? 0, gid: 0 })).toBe(true)
  })

  it('is where folders are put instead, the same for the same one', () => {
    const closed = join(folder.path, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    const place = reachableFolder(join(closed, 'postgres'), somebody)
    expect(place).toMatch(/^\/var\/lib\/tocsin\/postgres-[0-9a-f]{12}$/)
    expect(reachableFolder(join(closed, 'postgres'), somebody)).toBe(place)
    expect(reachableFolder(join(closed, 'postgres'), null)).toBe(join(closed, 'postgres'))
  })

  it('makes programs be copied only where they are out of reach', () => {
    expect(reachableCopy(folder.path, '1.0', somebody)).toBe(folder.path)
    expect(reachableCopy(folder.path, '1.0', null)).toBe(folder.path)
  })

  it('counts folders that are made passable, whatever the umask', () => {
    const umask = process.umask(0o077)
    makePassableFolder(join(folder.path, 'a', 'b'))
    process.umask(umask)
    expect(canEnter(join(folder.path, 'a', 'b'), somebody)).toBe(true)
    expect(statSync(join(folder.path, 'a')).mode & 0o777).toBe(0o711)
  })
})

async function ask(url: string, sql: string): Promise<unknown[]> {
  const pool = createPool(url, { max: 1 })
  try {
    return (await pool.query(sql)).rows
  } finally {
    await pool.end()
  }
}
