/**
 * The functions of Prometheus' templates, and of Go's own those that rules use. Each is total over its arguments or throws a
 * TemplateError. Never a clock, never a network. Read next: builtins.ts, humanize.ts, hosts.ts, regex.ts.
 */
import { arity, arrayArgument, builtins, numberArgument, textArgument } from './builtins.ts'
import { stripDomain, stripPort } from './hosts.ts'
import { humanize, humanize1024, humanizeDuration, humanizePercentage, humanizeTimestamp } from './humanize.ts'
import { matches, replaceAll } from './regex.ts'
import { bool, compareBytes, float, list, type Sample, sampleValue, TemplateError, text, type Value } from './values.ts'

/** What functions may ask for. */
export type Surroundings = Readonly<{ externalUrl: string; query: (text: string) => readonly Sample[]; charsMax: number }>
export type TemplateFunction = (args: readonly Value[], surroundings: Surroundings) => Value

export function isFunction(name: string): boolean {
  return functions.has(name)
}

export function callFunction(name: string, args: readonly Value[], surroundings: Surroundings): Value {
  const called = functions.get(name)
  if (called === undefined) throw new TemplateError(`function "${name}" not defined`)
  try {
    return called(args, surroundings)
  } catch (error) {
    if (error instanceof TemplateError) throw new TemplateError(`error calling ${name}: ${error.message}`)
    throw error
  }
}

const ofText = (apply: (value: string) => string): TemplateFunction => {
  return (args) => {
    arity(args, 1)
    return text(apply(textArgument(args, 0)))
  }
}

const ofNumber = (apply: (value: number) => string | null): TemplateFunction => {
  return (args) => {
    arity(args, 1)
    const written = apply(numberArgument(args, 0))
    if (written === null) throw new TemplateError('the number is no time')
    return text(written)
  }
}

const functions: ReadonlyMap<string, TemplateFunction> = new Map([
  ...Object.entries(builtins),
  ...Object.entries({
    query: (args, { query }) => {
      arity(args, 1)
      return list(query(textArgument(args, 0)).map(sampleValue))
    },
    first: (args) => {
      arity(args, 1)
      const [first] = arrayArgument(args, 0)
      if (first === undefined) throw new TemplateError('first() called on vector with no elements')
      return first
    },
    label: (args) => {
      arity(args, 2)
      return labelOf(args[1], textArgument(args, 0))
    },
    value: (args) => {
      arity(args, 1)
      return fieldOf(args[0], 'Value')
    },
    strvalue: (args) => {
      arity(args, 1)
      return labelOf(args[0], '__value__')
    },
    sortByLabel: (args) => {
      arity(args, 2)
      const label = textArgument(args, 0)
      const keyed = arrayArgument(args, 1).map((item) => ({ item, by: plainText(labelOf(item, label)) }))
      return list(keyed.sort((one, other) => compareBytes(one.by, other.by)).map(({ item }) => item))
    },
    args: (args) => ({
      kind: 'map',
      of: 'any',
      name: 'map[string]interface {}',
      entries: new Map(args.map((one, index) => [`arg${index}`, one])),
    }),
    humanize: ofNumber(humanize),
    humanize1024: ofNumber(humanize1024),
    humanizeDuration: ofNumber(humanizeDuration),
    humanizePercentage: ofNumber(humanizePercentage),
    humanizeTimestamp: ofNumber(humanizeTimestamp),
    title: ofText((value) => value.replace(/(?<![\p{L}\p{Nd}_])\p{L}/gu, (letter) => letter.toUpperCase())),
    toUpper: ofText((value) => value.toUpperCase()),
    toLower: ofText((value) => value.toLowerCase()),
    safeHtml: ofText((value) => value),
    stripPort: ofText(stripPort),
    stripDomain: ofText(stripDomain),
    urlQueryEscape: ofText(queryEscape),
    tableLink: ofText((expression) => `/graph?g0.expr=${queryEscape(expression)}&g0.tab=1`),
    graphLink: ofText((expression) => `/graph?g0.expr=${queryEscape(expression)}&g0.tab=0`),
    match: (args) => {
      arity(args, 2)
      return bool(matches(textArgument(args, 0), textArgument(args, 1)))
    },
    reReplaceAll: (args, { charsMax }) => {
      arity(args, 3)
      return text(replaceAll(textArgument(args, 0), textArgument(args, 1), textArgument(args, 2), charsMax))
    },
    parseDuration: (args) => {
      arity(args, 1)
      return float(durationS(textArgument(args, 0)))
    },
    externalURL: (args, { externalUrl }) => {
      arity(args, 0)
      return text(externalUrl)
    },
    pathPrefix: (args, { externalUrl }) => {
      arity(args, 0)
      return text(/^[a-z]+:\/\/[^/]*(.*)$/i.exec(externalUrl)?.[1] ?? '')
    },
  } satisfies Record<string, TemplateFunction>),
])

function labelOf(sample: Value | undefined, label: string): Value {
  const labels = fieldOf(sample, 'Labels')
  return (labels.kind === 'map' ? labels.entries.get(label) : undefined) ?? text('')
}

function fieldOf(sample: Value | undefined, field: string): Value {
  const value = sample?.kind === 'map' && sample.of === 'struct' ? sample.entries.get(field) : undefined
  if (value === undefined) throw new TemplateError('expected a series, as query gives them')
  return value
}

const plainText = (value: Value): string => (value.kind === 'string' ? value.text : '')

/** As forms write it: blanks as +. */
function queryEscape(value: string): string {
  return encodeURIComponent(value.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

const unitsS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 }
const durationPattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

function durationS(written: string): number {
  if (written === '0') return 0
  const parts = durationPattern.exec(written)
  if (written === '' || parts === null) throw new TemplateError(`not a valid duration string: ${JSON.stringify(written)}`)
  const units = ['y', 'w', 'd', 'h', 'm', 's', 'ms']
  return units.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * (unitsS[unit] ?? 0), 0)
}
