/**
 * Which process is which: a pid alone is no identity, since systems hand pids out again.
 * Never ends a process whose identity isn't the recorded one. Read next: run-files.ts.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { waitFor } from './wait.ts'

/** A process as it was recorded: the identity changes when the pid is given to another process. */
export type ProcessRecord = Readonly<{ pid: number; identity: string }>

/** null = no such process, or only its remains (a zombie). */
export function identify(pid: number): string | null {
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid)
}

export function isAlive(record: ProcessRecord): boolean {
  return identify(record.pid) === record.identity
}

/** Sends `signal`, waits until the process is gone, and ends it hard after `timeoutMs`. False = it was gone already. */
export async function end(record: ProcessRecord, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
  if (!isAlive(record)) return false
  send(record.pid, signal)
  const gone = async (): Promise<true | null> => (isAlive(record) ? null : true)
  try {
    await waitFor(gone, { what: `process ${record.pid} to end`, timeoutMs })
  } catch {
    send(-record.pid, 'SIGKILL')
    send(record.pid, 'SIGKILL')
    await waitFor(gone, { what: `process ${record.pid} to be killed`, timeoutMs: 5_000 })
  }
  return true
}

/** A process that is gone already is what was wanted. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {}
}

function identifyByProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may hold spaces and parentheses itself; what follows it has fixed places.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTicks] = [fields[0], fields[19]]
    if (state === 'Z' || state === 'X' || startTicks === undefined) return null
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${startTicks}`
  } catch {
    return null
  }
}

function identifyByPs(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    const [state = 'Z', ...started] = line.split(/\s+/)
    return state.startsWith('Z') ? null : started.join(' ')
  } catch {
    return null
  }
}
