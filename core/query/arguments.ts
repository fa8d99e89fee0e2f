/**
 * Whether the arguments of a call are those that its function takes. Never throws: what is wrong is a sentence.
 * Read next: functions.ts, metric-calls.ts.
 */
import { assertNever } from '../assert.ts'
import { functionNamed, type Parameter, type QueryFunction } from './functions.ts'
import type { Argument } from './metric-nodes.ts'
import type { Carry } from './places.ts'

export type ArgumentIssue = Readonly<{ message: string; of: Argument | null }>

/** The keys of sum(q, {host,az}); empty = one group. */
export function keysOf(args: readonly Argument[]): readonly string[] {
  return args.map(({ value }) => String(value))
}

/** As the table has them: choices in lower case, numbers without quotes. What isn't right stays as it is, for the check. */
export function canonicalArguments(name: string, args: readonly Argument[], carry: Carry): readonly Argument[] {
  const called = functionNamed(name)
  if (called === null) return args
  return args.map((argument, place) => {
    const value = canonical(parameterOf(called, argument, place), argument.value)
    return value === argument.value ? argument : carry({ ...argument, value }, argument)
  })
}

function canonical(parameter: Parameter | undefined, value: number | string): number | string {
  if (parameter === undefined || typeof value === 'number') return value
  if (parameter.choices !== undefined || parameter.type === 'boolean') return value.toLowerCase()
  const isNumber = parameter.type === 'number' || parameter.type === 'integer' || parameter.type === 'seconds'
  return isNumber && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value
}

export function checkArguments(called: QueryFunction, args: readonly Argument[]): ArgumentIssue[] {
  if (called.groups === 'keys') {
    const named = args.find(({ name }) => name !== null)
    return named === undefined ? [] : [{ message: `${called.name}() takes keys, as in ${called.name}(q, {host})`, of: named }]
  }
  const places = args.map((argument, place) => parameterOf(called, argument, place))
  const issues = args.flatMap((argument, place) => {
    const message = whatIsWrong(called, argument, places[place], isLate(args, place), places.indexOf(places[place]) < place)
    return message === null ? [] : [{ message: `${called.name}(): ${message}`, of: argument }]
  })
  const missing = called.parameters.filter((parameter) => parameter.standard === undefined && !places.includes(parameter))
  return [...issues, ...missing.map((parameter) => ({ message: `${called.name}() needs ${describe(parameter)}`, of: null }))]
}

function parameterOf(called: QueryFunction, argument: Argument, place: number): Parameter | undefined {
  return argument.name === null ? called.parameters[place] : called.parameters.find(({ name }) => name === argument.name)
}

/** One without a name behind one that has a name. */
function isLate(args: readonly Argument[], place: number): boolean {
  return args[place]?.name === null && args.slice(0, place).some(({ name }) => name !== null)
}

function whatIsWrong(
  called: QueryFunction,
  argument: Argument,
  parameter: Parameter | undefined,
  isLate: boolean,
  isRepeated: boolean,
): string | null {
  if (isLate) return 'arguments without a name come first'
  if (parameter === undefined) return unknown(called, argument)
  if (isRepeated) return `${parameter.name} is given twice`
  const must = whatItMustBe(parameter, argument.value)
  return must === null ? null : `${parameter.name} must be ${must}`
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

function whatItMustBe({ choices, type, min, max }: Parameter, value: number | string): string | null {
  if (choices !== undefined) return choices.includes(String(value)) ? null : `one of ${choices.join(', ')}`
  switch (type) {
    case 'text':
      return typeof value === 'string' ? null : 'a text'
    case 'boolean':
      return /^(true|false)$/.test(String(value)) ? null : 'true or false'
    case 'duration':
      return durationMs(value) === null ? 'a number of seconds, or a text such as 30m, 1w or last_15m' : null
    case 'number':
      return isBetween(value, min, max) ? null : `a number${between(min, max)}`
    case 'integer':
    case 'seconds':
      return isBetween(value, min, max) && Number.isInteger(value) ? null : `a whole number${between(min, max)}`
    default:
      return assertNever(type)
  }
}

function isBetween(value: number | string, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max
}

function between(min: number | undefined, max: number | undefined): string {
  return min === undefined || max === undefined ? '' : ` between ${min} and ${max}`
}

function unknown(called: QueryFunction, argument: Argument): string {
  const takes = called.parameters.map(({ name }) => name).join(', ')
  const what = argument.name === null ? 'too many arguments' : `there is no argument ${argument.name}`
  return takes === '' ? `${what}, it takes none but its expression` : `${what}, it takes ${takes}`
}

function describe({ name, choices }: Parameter): string {
  return choices === undefined ? name : `${name} (${choices.join(', ')})`
}
