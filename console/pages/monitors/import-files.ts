/**
 * Files → monitors to be made: Prometheus' rules as the command line converts them, under the same keys, so that importing twice changes
 * nothing; monitors of Datadog or Tocsin as they are. Read next: cli/import/prometheus-rules.ts.
 */
import { distinct } from '../../../cli/import/converted.ts'
import { parseForeign } from '../../../cli/import/foreign-yaml.ts'
import { convertRules, type PrometheusOptions } from '../../../cli/import/prometheus-rules.ts'

export type PlannedMonitor = Readonly<{ key: string | null; place: string; name: string; type: string; body: unknown }>
type Remark = Readonly<{ place: string; text: string }>
export type ImportPlan = Readonly<{ monitors: readonly PlannedMonitor[]; leftOut: readonly Remark[]; notes: readonly Remark[] }>

/** A file of rules has some kilobytes; what is this large is something else. */
const fileBytesMax = 10 * 1_024 * 1_024

const options: PrometheusOptions = {
  prefix: 'prometheus/',
  datasource: null,
  notify: '',
  tags: [],
  intervalS: 60,
  externalLabels: {},
  externalUrl: null,
}

/** Rejects with an Error that names the file. */
export async function planImport(files: readonly File[]): Promise<ImportPlan> {
  const key = distinct()
  const plans: ImportPlan[] = []
  for (const file of files) {
    if (file.size > fileBytesMax) throw new Error(`${file.name} is larger than 10 MB: that is no file of monitors`)
    for (const document of documentsOf(file.name, await file.text())) plans.push(planOf(document, file.name, key))
  }
  return {
    monitors: plans.flatMap(({ monitors }) => monitors),
    leftOut: plans.flatMap(({ leftOut }) => leftOut),
    notes: plans.flatMap(({ notes }) => notes),
  }
}

function documentsOf(name: string, text: string): readonly unknown[] {
  try {
    return parseForeign(text)
  } catch (error) {
    throw new Error(`${name} is neither YAML nor JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function planOf(document: unknown, file: string, key: (text: string) => string): ImportPlan {
  if (isRules(document)) {
    const { monitors, leftOut, notes } = convertRules(document, file, options, key)
    const planned = monitors.map(({ key: own, place, body }) => ({
      key: own,
      place,
      name: textOf(body, 'name'),
      type: textOf(body, 'type'),
      body,
    }))
    return { monitors: planned, leftOut, notes }
  }
  const found = monitorsIn(document, file)
  const isMonitor = ({ body }: PlannedMonitor): boolean => textOf(body, 'type') !== '' && textOf(body, 'query') !== ''
  return {
    monitors: found.filter(isMonitor),
    leftOut: found
      .filter((one) => !isMonitor(one))
      .map(({ place }) => ({ place, text: 'this is no monitor: `type` and `query` are missing' })),
    notes: [],
  }
}

function isRules(document: unknown): boolean {
  const of = isObject(document) && isObject(document.spec) ? document.spec : document
  return isObject(of) && Array.isArray(of.groups)
}

/** One, a list, or an object that holds a list. */
function monitorsIn(document: unknown, place: string): readonly PlannedMonitor[] {
  if (Array.isArray(document)) return document.flatMap((one, index) => monitorsIn(one, `${place}[${index}]`))
  if (isObject(document) && Array.isArray(document.monitors)) return monitorsIn(document.monitors, `${place}: monitors`)
  const body = isObject(document) ? written(document) : document
  return [
    {
      key: isObject(document) && typeof document.key === 'string' ? document.key : null,
      place,
      name: textOf(body, 'name'),
      type: textOf(body, 'type'),
      body,
    },
  ]
}

/** What people write of a monitor; an export says more, which each installation has of its own. */
const writtenFields = ['type', 'name', 'query', 'message', 'tags', 'priority', 'options', 'draft_status']

function written(document: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    writtenFields.flatMap((name) => (document[name] === undefined || document[name] === null ? [] : [[name, document[name]]])),
  )
}

function textOf(value: unknown, name: string): string {
  const text = isObject(value) ? value[name] : undefined
  return typeof text === 'string' ? text : ''
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
