/** A small disk for PostgreSQL's files that can be filled up: a file system in memory, which takes root to mount. Read next: faults/disk.ts. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makePassableFolder } from '../../cli/up/reach.ts'

export type Disk = Readonly<{
  folder: string
  /** Until not one byte is left. */
  fill: () => void
  free: () => void
  unmount: () => void
}>

/** What half an hour of 2,000 monitors writes, with its write-ahead log, three times over. */
const sizeMb = 3_000
const chunkBytes = 4 * 1_024 * 1_024

/** null = it can't be mounted; `say` hears why. Mounted again after a run that was cut off it is still there. */
export function mountDisk(folder: string, say: (line: string) => void): Disk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    say('no full disk: mounting a small one takes root on Linux')
    return null
  }
  makePassableFolder(folder)
  try {
    if (!isMounted(folder)) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=711`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    say(`no full disk: a file system in memory could not be mounted (${error instanceof Error ? error.message.split('\n')[0] : error})`)
    return null
  }
  const filler = join(folder, 'filler')
  return {
    folder,
    fill: () => fill(filler),
    free: () => rmSync(filler, { force: true }),
    unmount: () => {
      execFileSync('umount', [folder], { stdio: 'pipe' })
    },
  }
}

function isMounted(folder: string): boolean {
  try {
    execFileSync('mountpoint', ['-q', folder])
    return true
  } catch {
    return false
  }
}

function fill(path: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  const file = openSync(path, 'w')
  try {
    for (let size = chunkBytes; size >= 1_024; size = Math.floor(size / 2)) fillBy(file, Buffer.alloc(size))
  } finally {
    closeSync(file)
  }
}

/** Ends where the file system is full. */
function fillBy(file: number, chunk: Buffer): void {
  try {
    for (;;) if (writeSync(file, chunk) < chunk.length) return
  } catch {
    return
  }
}
