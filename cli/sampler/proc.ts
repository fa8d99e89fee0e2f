/**
 * What Linux tells under /proc, as numbers. Pure: text in, readings out; a line of an unknown shape is left out.
 * Read next: read.ts.
 */

/** Ticks since boot; all of a kind are one unit, so that only shares of their differences mean something. */
export type CpuTicks = Readonly<{ user: number; system: number; idle: number; iowait: number; stolen: number }>

/** Bytes. */
export type Memory = Readonly<{ total: number; usable: number; free: number }>

export type Mount = Readonly<{ device: string; path: string }>

/** Counted since boot. */
export type Interface = Readonly<{ name: string; bytesIn: number; errorsIn: number; bytesOut: number; errorsOut: number }>

/** /proc/stat, the line of all processors together. */
export function parseCpu(text: string): CpuTicks | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith('cpu '))
  if (line === undefined) return null
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, stolen = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return { user: user + nice, system: system + irq + softirq, idle, iowait, stolen }
}

/** Shares in percent between two readings; null if no time passed or the counters began anew. */
export function cpuShares(before: CpuTicks, after: CpuTicks): CpuTicks | null {
  const passed = {
    user: after.user - before.user,
    system: after.system - before.system,
    idle: after.idle - before.idle,
    iowait: Math.max(0, after.iowait - before.iowait),
    stolen: after.stolen - before.stolen,
  }
  const total = passed.user + passed.system + passed.idle + passed.iowait + passed.stolen
  if (total <= 0) return null
  const share = (ticks: number): number => (ticks / total) * 100
  return {
    user: share(passed.user),
    system: share(passed.system),
    idle: share(passed.idle),
    iowait: share(passed.iowait),
    stolen: share(passed.stolen),
  }
}

/** /proc/meminfo. */
export function parseMemory(text: string): Memory | null {
  const kibibytes = (name: string): number | null => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]
    return found === undefined ? null : Number(found) * 1024
  }
  const total = kibibytes('MemTotal')
  const free = kibibytes('MemFree')
  if (total === null || free === null) return null
  return { total, free, usable: kibibytes('MemAvailable') ?? free }
}

/** Kinds that hold files of people; everything else that is mounted lives in memory or mirrors something. */
const realFilesystems = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'reiserfs',
  'jfs',
  'vfat',
  'exfat',
  'ntfs3',
  'nfs',
  'nfs4',
  'cifs',
])
/** More mounts than a host of ours has; a container host may have thousands. */
const mountsMax = 20

/** /proc/mounts: each device once, at the shortest of its paths. The root always counts, also as an overlay. */
export function parseMounts(text: string): Mount[] {
  const byDevice = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const [device = '', rawPath = '', kind = ''] = line.split(' ')
    const path = rawPath.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    if (path === '' || !(realFilesystems.has(kind) || path === '/')) continue
    const known = byDevice.get(device)
    if (known === undefined || path.length < known.path.length) byDevice.set(device, { device, path })
  }
  return [...byDevice.values()].sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, mountsMax)
}

/** More interfaces than a host of ours has; a container host may have thousands. */
const interfacesMax = 20

/** /proc/net/dev. The loopback counts only where there is nothing else. */
export function parseInterfaces(text: string): Interface[] {
  const all = text.split('\n').flatMap((line): Interface[] => {
    const [name = '', counters] = line.split(':')
    if (counters === undefined) return []
    const numbers = counters.trim().split(/\s+/).map(Number)
    const [bytesIn, , errorsIn, , , , , , bytesOut, , errorsOut] = numbers
    if (bytesIn === undefined || errorsIn === undefined || bytesOut === undefined || errorsOut === undefined) return []
    return [{ name: name.trim(), bytesIn, errorsIn, bytesOut, errorsOut }]
  })
  const outside = all.filter(({ name }) => name !== 'lo')
  return (outside.length > 0 ? outside : all).slice(0, interfacesMax)
}
