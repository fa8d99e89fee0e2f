/** Writes files that `apply` reads: a monitor a file, by its key; downtimes, receivers and notification rules together. Read next: files.ts. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import type { Body, Desired, DesiredState } from './desired.ts'

export type Written = Readonly<{
  monitors: readonly Body[]
  downtimes?: readonly Body[]
  receivers?: readonly Body[]
  rules?: readonly Body[]
}>

/** How many files that are. Monitors have a `key`. */
export async function writeFiles(folder: string, { monitors, downtimes, receivers, rules }: Written, json = false): Promise<number> {
  const [ending, text] = json ? ['json', (value: unknown) => `${JSON.stringify(value, null, 2)}\n`] : ['yaml', yaml]
  const files: [string, unknown][] = monitors.map((monitor) => [`monitors/${monitor.key}`, monitor])
  if (downtimes !== undefined && downtimes.length > 0) files.push(['downtimes', { downtimes }])
  if (receivers !== undefined && receivers.length > 0) files.push(['receivers', { receivers }])
  if (rules !== undefined && rules.length > 0) files.push(['notification-rules', { rules }])
  for (const [name, value] of files) {
    await writeText(join(folder, `${name}.${ending}`), text(value))
  }
  return files.length
}

/** Makes the folder where there is none. */
export async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

export async function writeDesired(folder: string, desired: Omit<DesiredState, 'errors'>): Promise<number> {
  const bodies = (all: readonly Desired[]): Body[] => all.map(({ key, body }) => ({ key, ...body }))
  return writeFiles(folder, {
    monitors: bodies(desired.monitors),
    downtimes: bodies(desired.downtimes),
    receivers: desired.receivers.map(({ body }) => body),
    rules: desired.rules.map(({ body }) => body),
  })
}

/** Queries stay in one line, messages keep theirs. */
export function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
}
