import { z } from 'zod'
import { CommandError } from '../codes.ts'
import { serverOptions } from '../command.ts'
import { timeOf } from '../times.ts'

export type Asked = Readonly<{
  /** null = the monitor that the server has under `monitorId`. */
  file: string | null
  monitorId: number
  fromMs: number
  toMs: number
}>

export const backtestOptions = serverOptions.extend({
  from: z.string().optional(),
  to: z.string().default('now'),
  monitor: z.string().optional(),
})

/** Throws a CommandError where the arguments make no sense. */
export function readArguments(files: readonly string[], options: z.output<typeof backtestOptions>, nowMs: number): Asked {
  const { file, monitorId } = subjectOf(files, options.monitor)
  return { file, monitorId, fromMs: timeOf('--from', fromGiven(options.from), nowMs), toMs: timeOf('--to', options.to, nowMs) }
}

function subjectOf(files: readonly string[], id: string | undefined): Pick<Asked, 'file' | 'monitorId'> {
  if (files.length + (id === undefined ? 0 : 1) !== 1) throw new CommandError('expected one monitor: a file, or --monitor ID')
  const monitorId = Number(id ?? 1)
  if (!Number.isSafeInteger(monitorId) || monitorId < 1) throw new CommandError(`--monitor: expected an id, not ${id}`)
  return { file: files[0] ?? null, monitorId }
}

function fromGiven(text: string | undefined): string {
  if (text === undefined) throw new CommandError('--from is missing')
  return text
}
