import { parseArgs } from 'node:util'
import { parseTime, timeForms } from './time.ts'

export const usage = `usage: tocsin backtest MONITOR.json --from TIME [--to TIME] [--json]
       tocsin backtest --monitor ID --from TIME [--to TIME] [--json]
  MONITOR.json           a definition as the API takes it or gives it, JSON or YAML
  --monitor ID           a monitor that the server has
  --from TIME, --to TIME ${timeForms}; --to is now where it is left out
  --json                 the whole answer of the API
  --api URL              the server; default: the one that \`npm start\` runs
  --api-key, --app-key   its keys; default: TOCSIN_API_KEY and TOCSIN_APP_KEY, or those of \`npm start\``

export type Asked = Readonly<{
  /** null = the monitor that the server has under `monitorId`. */
  file: string | null
  monitorId: number
  fromMs: number
  toMs: number
  json: boolean
  api: string | null
  apiKey: string | null
  appKey: string | null
}>

const options = {
  from: { type: 'string' },
  to: { type: 'string', default: 'now' },
  monitor: { type: 'string' },
  json: { type: 'boolean', default: false },
  api: { type: 'string' },
  'api-key': { type: 'string' },
  'app-key': { type: 'string' },
} as const

/** A sentence where the arguments make no sense. */
export function readArguments(args: readonly string[], nowMs: number): Asked | string {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    const { file, monitorId } = subjectOf(positionals, values.monitor)
    if (values.api !== undefined && !URL.canParse(values.api)) {
      throw new TypeError(`--api: expected an address as http://127.0.0.1:8080, not ${values.api}`)
    }
    return {
      file,
      monitorId,
      fromMs: timeOf('--from', values.from, nowMs),
      toMs: timeOf('--to', values.to, nowMs),
      json: values.json,
      api: values.api ?? null,
      apiKey: values['api-key'] ?? null,
      appKey: values['app-key'] ?? null,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function subjectOf(files: readonly string[], id: string | undefined): Pick<Asked, 'file' | 'monitorId'> {
  if (files.length + (id === undefined ? 0 : 1) !== 1) throw new TypeError('expected one monitor: a file, or --monitor ID')
  const monitorId = Number(id ?? 1)
  if (!Number.isSafeInteger(monitorId) || monitorId < 1) throw new TypeError(`--monitor: expected an id, not ${id}`)
  return { file: files[0] ?? null, monitorId }
}

function timeOf(name: string, text: string | undefined, nowMs: number): number {
  if (text === undefined) throw new TypeError(`${name} is missing`)
  const time = parseTime(text, nowMs)
  if (time === null) throw new TypeError(`${name}: expected ${timeForms}, not ${text}`)
  return time
}
