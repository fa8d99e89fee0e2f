import { readFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second (USER_HZ), whatever the kernel's own clock. */
export const tickMs = 10

/** CPU time of a process and all its threads so far, in ms. */
export function cpuMs(pid: number): number {
  const fields = statOf(pid)
  // utime and stime.
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** What the kernel says of a process, from its state on. */
export function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name may hold anything; what follows its closing parenthesis has fixed places.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** CPU time of all processes of this machine so far, in ms. */
export function machineCpuMs(): number {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/)
  const [user = 0, nice = 0, system = 0, _idle, _wait, hardInterrupts = 0, softInterrupts = 0] = fields.map(Number)
  return (user + nice + system + hardInterrupts + softInterrupts) * tickMs
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  return memoryOf(pid, /^VmRSS:\s+(\d+) kB$/m)
}

/** The most that it ever was. */
export function peakBytes(pid: number): number {
  return memoryOf(pid, /^VmHWM:\s+(\d+) kB$/m)
}

function memoryOf(pid: number, pattern: RegExp): number {
  const line = pattern.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (line === undefined) throw new Error(`process ${pid} says nothing about its memory`)
  return Number(line) * 1024
}
