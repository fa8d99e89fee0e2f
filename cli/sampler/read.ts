/**
 * One reading of this machine: processor, load, memory, disks, network. Never judges, never sends. Where the system has
 * no /proc, what Node itself knows has to do. Read next: proc.ts, series.ts.
 */
import { readFile, statfs } from 'node:fs/promises'
import { cpus, freemem, loadavg, totalmem } from 'node:os'
import { type CpuTicks, type Interface, type Memory, type Mount, parseCpu, parseInterfaces, parseMemory, parseMounts } from './proc.ts'

/** Bytes; `available` is what an ordinary user may still take. */
export type Disk = Mount & Readonly<{ total: number; used: number; available: number }>

export type Reading = Readonly<{
  atMs: number
  cpu: CpuTicks
  cores: number
  load: readonly [number, number, number]
  memory: Memory
  disks: readonly Disk[]
  interfaces: readonly Interface[]
}>

export async function readMachine(atMs: number): Promise<Reading> {
  const [stat, memory, mounts, network] = await Promise.all(['stat', 'meminfo', 'mounts', 'net/dev'].map(readProc))
  const [one = 0, five = 0, fifteen = 0] = loadavg()
  return {
    atMs,
    cpu: parseCpu(stat ?? '') ?? cpuByNode(),
    cores: Math.max(1, cpus().length),
    load: [one, five, fifteen],
    memory: parseMemory(memory ?? '') ?? { total: totalmem(), free: freemem(), usable: freemem() },
    disks: await readDisks(mounts === null || mounts === undefined ? [{ device: 'root', path: '/' }] : parseMounts(mounts)),
    interfaces: parseInterfaces(network ?? ''),
  }
}

async function readProc(name: string): Promise<string | null> {
  return readFile(`/proc/${name}`, 'utf8').catch(() => null)
}

function cpuByNode(): CpuTicks {
  const sum = { user: 0, system: 0, idle: 0, iowait: 0, stolen: 0 }
  for (const { times } of cpus()) {
    sum.user += times.user + times.nice
    sum.system += times.sys + times.irq
    sum.idle += times.idle
  }
  return sum
}

/** A mount that can't be asked, or that holds nothing, is left out. */
async function readDisks(mounts: readonly Mount[]): Promise<Disk[]> {
  const disks = await Promise.all(
    mounts.map(async (mount): Promise<Disk | null> => {
      const stats = await statfs(mount.path).catch(() => null)
      if (stats === null || stats.blocks === 0) return null
      const [total, free, available] = [stats.blocks, stats.bfree, stats.bavail].map((blocks) => blocks * stats.bsize)
      if (total === undefined || free === undefined || available === undefined) return null
      return { ...mount, total, used: total - free, available }
    }),
  )
  return disks.filter((disk) => disk !== null)
}
