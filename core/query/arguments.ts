/**
 * The arguments of a call by the names of its parameters, and what is wrong with them. The evaluation reads them with
 * readArguments(), the check before anything is stored with checkArguments(): so both agree. Read next: functions.ts.
 */
import { assertNever } from '../assert.ts'
import type { Parameter, QueryFunction } from './functions.ts'
import type { Argument } from './metric-nodes.ts'

/** By name of parameter, texts with choices in lower case, left out ones with their standard value. */
export type Arguments = Readonly<Record<string, number | string | null>>

export type ArgumentIssue = Readonly<{ message: string; of: Argument | null }>

/** Reads what checkArguments() found nothing wrong with. Functions that take keys have none here: see keysOf(). */
export function readArguments(called: QueryFunction, args: readonly Argument[]): Arguments {
  if (called.groups === 'keys') return {}
  const given = new Map(args.map((argument, place) => [argument.name ?? called.parameters[place]?.name, argument.value]))
  return Object.fromEntries(called.parameters.map((parameter) => [parameter.name, readOne(parameter, given.get(parameter.name))]))
}

/** The keys of sum(q, {host,az}); empty = one group. */
export function keysOf(args: readonly Argument[]): readonly string[] {
  return args.map(({ value }) => String(value))
}

export function checkArguments(called: QueryFunction, args: readonly Argument[]): ArgumentIssue[] {
  if (called.groups === 'keys') {
    const named = args.find(({ name }) => name !== null)
    return named === undefined ? [] : [{ message: `${called.name}() takes keys, as in ${called.name}(q, {host})`, of: named }]
  }
  const issues: ArgumentIssue[] = []
  const taken = new Map<string, Argument>()
  args.forEach((argument, place) => {
    const parameter = argument.name === null ? called.parameters[place] : called.parameters.find(({ name }) => name === argument.name)
    if (argument.name === null && args.slice(0, place).some(({ name }) => name !== null)) {
      issues.push({ message: `${called.name}(): arguments without a name come first`, of: argument })
    } else if (parameter === undefined) issues.push({ message: unknown(called, argument), of: argument })
    else if (taken.has(parameter.name)) issues.push({ message: `${called.name}(): ${parameter.name} is given twice`, of: argument })
    else {
      taken.set(parameter.name, argument)
      const wrong = whatIsWrong(parameter, argument.value)
      if (wrong !== null) issues.push({ message: `${called.name}(): ${parameter.name} ${wrong}`, of: argument })
    }
  })
  const missing = called.parameters.filter((parameter) => parameter.standard === undefined && !taken.has(parameter.name))
  return [...issues, ...missing.map((parameter) => ({ message: `${called.name}() needs ${describe(parameter)}`, of: null }))]
}

/** Milliseconds of `30m`, `1w`, `last_15m` or of a number of seconds; null where it is none of these. */
export function durationMs(value: number | string): number | null {
  if (typeof value === 'number') return value > 0 ? value * 1_000 : null
  const [, count, unit] = /^(?:last_|next_)?([1-9]\d{0,5})(mo|[smhdw])$/.exec(value.toLowerCase()) ?? []
  const unitMs = unit === undefined ? undefined : units.get(unit)
  return unitMs === undefined ? null : Number(count) * unitMs
}

const units: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 7 * 86_400_000],
  ['mo', 30 * 86_400_000],
])

function readOne(parameter: Parameter, value: number | string | undefined): number | string | null {
  if (value === undefined) return parameter.standard ?? null
  if (parameter.type === 'boolean' || parameter.choices !== undefined) return String(value).toLowerCase()
  return value
}

function whatIsWrong(parameter: Parameter, value: number | string): string | null {
  const { choices, type, min, max } = parameter
  if (choices !== undefined) return choices.includes(String(value).toLowerCase()) ? null : `is one of ${choices.join(', ')}`
  switch (type) {
    case 'text':
      return typeof value === 'string' ? null : 'is a text'
    case 'boolean':
      return /^(true|false)$/i.test(String(value)) ? null : 'is true or false'
    case 'duration':
      return durationMs(value) === null ? 'is a number of seconds, or a text such as 30m, 1w or last_15m' : null
    case 'number':
    case 'integer':
    case 'seconds': {
      const whole = type !== 'number'
      const inside = typeof value === 'number' && Number.isFinite(value) && value >= (min ?? value) && value <= (max ?? value)
      const between = min === undefined || max === undefined ? '' : ` between ${min} and ${max}`
      return inside && (!whole || Number.isInteger(value)) ? null : `is a ${whole ? 'whole number' : 'number'}${between}`
    }
    default:
      return assertNever(type)
  }
}

function unknown(called: QueryFunction, argument: Argument): string {
  const takes = called.parameters.map(({ name }) => name).join(', ')
  const what = argument.name === null ? `so many arguments` : `no argument ${argument.name}`
  const but = takes === '' ? 'it takes none but its expression' : `it takes ${takes}`
  return argument.name === null ? `${called.name}() doesn’t take ${what}: ${but}` : `${called.name}() has ${what}: ${but}`
}

function describe({ name, choices }: Parameter): string {
  return choices === undefined ? name : `${name} (${choices.join(', ')})`
}
