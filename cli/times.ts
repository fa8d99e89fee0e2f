/** Times and durations as options have them, or a CommandError that says which option makes no sense. Read next: backtest/time.ts. */
import { parseTime, timeForms } from './backtest/time.ts'
import { CommandError } from './codes.ts'

/** Epoch ms. `name` as `--from`. */
export function timeOf(name: string, text: string, nowMs: number): number {
  const time = parseTime(text, nowMs)
  if (time === null) throw new CommandError(`${name}: expected ${timeForms}, not ${text}`)
  return time
}

/** What `--for` says, in ms. */
export function lengthMsOf(text: string): number {
  const passed = parseTime(`now-${text}`, 0)
  if (passed === null) throw new CommandError(`--for: expected a duration like 30m, 2h or 1d, not ${text}`)
  return -passed
}
