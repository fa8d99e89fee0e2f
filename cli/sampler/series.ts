import { type CpuTicks, cpuShares, type Interface } from './proc.ts'
import type { Disk, Reading } from './read.ts'

/** One value of one metric, as it waits to be sent. */
export type Sample = Readonly<{ metric: string; value: number; atS: number; tags: readonly string[] }>

const mebibyte = 1024 * 1024

/** The samples that two readings in a row give, named as the Datadog agent names them; the first has no predecessor. */
export function samplesOf(before: Reading | null, now: Reading): Sample[] {
  const atS = Math.floor(now.atMs / 1000)
  const sample = (metric: string, value: number, tags: readonly string[] = []): Sample => ({ metric, value, atS, tags })
  const samples = [sample('tocsin.sampler.up', 1), ...loadSamples(now, sample), ...memorySamples(now, sample)]
  for (const disk of now.disks) samples.push(...diskSamples(disk, sample))
  if (before === null) return samples
  const shares = cpuShares(before.cpu, now.cpu)
  if (shares !== null) samples.push(...cpuSamples(shares, sample))
  const passedS = (now.atMs - before.atMs) / 1000
  for (const current of now.interfaces) {
    const previous = before.interfaces.find(({ name }) => name === current.name)
    if (previous !== undefined && passedS > 0) samples.push(...networkSamples(previous, current, passedS, sample))
  }
  return samples
}

type Make = (metric: string, value: number, tags?: readonly string[]) => Sample

/** Percent of all processors. */
function cpuSamples(shares: CpuTicks, sample: Make): Sample[] {
  return [
    sample('system.cpu.user', shares.user),
    sample('system.cpu.system', shares.system),
    sample('system.cpu.idle', shares.idle),
    sample('system.cpu.iowait', shares.iowait),
    sample('system.cpu.stolen', shares.stolen),
  ]
}

/** `norm`: per processor. */
function loadSamples({ load, cores }: Reading, sample: Make): Sample[] {
  return (['1', '5', '15'] as const).flatMap((minutes, index) => [
    sample(`system.load.${minutes}`, load[index] ?? 0),
    sample(`system.load.norm.${minutes}`, (load[index] ?? 0) / cores),
  ])
}

/** Mebibytes, and a fraction of one. */
function memorySamples({ memory }: Reading, sample: Make): Sample[] {
  return [
    sample('system.mem.total', memory.total / mebibyte),
    sample('system.mem.free', memory.free / mebibyte),
    sample('system.mem.usable', memory.usable / mebibyte),
    sample('system.mem.used', (memory.total - memory.free) / mebibyte),
    sample('system.mem.pct_usable', memory.total === 0 ? 0 : memory.usable / memory.total),
  ]
}

/** Kibibytes, and a fraction of one: of what an ordinary user could fill. */
function diskSamples(disk: Disk, sample: Make): Sample[] {
  const tags = [`device:${disk.device}`, `mount:${disk.path}`]
  const fillable = disk.used + disk.available
  return [
    sample('system.disk.total', disk.total / 1024, tags),
    sample('system.disk.used', disk.used / 1024, tags),
    sample('system.disk.free', disk.available / 1024, tags),
    sample('system.disk.in_use', fillable === 0 ? 0 : disk.used / fillable, tags),
  ]
}

/** Per second. A counter that runs backwards began anew: nothing is said about that moment. */
function networkSamples(before: Interface, now: Interface, passedS: number, sample: Make): Sample[] {
  const tags = [`device:${now.name}`]
  const rates: readonly (readonly [string, number])[] = [
    ['system.net.bytes_rcvd', (now.bytesIn - before.bytesIn) / passedS],
    ['system.net.bytes_sent', (now.bytesOut - before.bytesOut) / passedS],
    ['system.net.packets_in.error', (now.errorsIn - before.errorsIn) / passedS],
    ['system.net.packets_out.error', (now.errorsOut - before.errorsOut) / passedS],
  ]
  return rates.filter(([, rate]) => rate >= 0).map(([metric, rate]) => sample(metric, rate, tags))
}
