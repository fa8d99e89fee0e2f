/** A worker's clock that jumps: libfaketime, where it is installed (Debian's package `faketime`). Read next: faults/process.ts. */
import { existsSync, writeFileSync } from 'node:fs'

export type ClockFile = Readonly<{
  env: Readonly<Record<string, string>>
  /** Seconds that the clock is off from now on. */
  jump: (seconds: number) => void
}>

const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((system) => `/usr/lib/${system}/faketime/libfaketimeMT.so.1`)

/** null = there is no libfaketime. */
export function clockFile(path: string): ClockFile | null {
  const library = libraries.find((file) => existsSync(file))
  if (library === undefined) return null
  const jump = (seconds: number): void => writeFileSync(path, `${seconds < 0 ? '' : '+'}${seconds}\n`)
  jump(0)
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: path,
      // Looked at each second: a jump, not another start.
      FAKETIME_CACHE_DURATION: '1',
      // Timers run on: only the time of day jumps, as when somebody sets it.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    jump,
  }
}
