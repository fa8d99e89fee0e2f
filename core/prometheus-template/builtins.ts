/** The functions that Go's templates have by themselves, and how arguments are read. Read next: functions.ts. */
import { printValue, sprintf } from './printf.ts'
import { bool, compareBytes, int, isTrue, nil, TemplateError, text, typeName, type Value } from './values.ts'

export function arity(args: readonly Value[], count: number): void {
  if (args.length !== count) throw new TemplateError(`wrong number of args: want ${count} got ${args.length}`)
}

export function textArgument(args: readonly Value[], index: number): string {
  const value = args[index]
  if (value?.kind !== 'string') throw new TemplateError(`wrong type for value; expected string; got ${typeName(value ?? nil)}`)
  return value.text
}

/** Also of a text that is a number. */
export function numberArgument(args: readonly Value[], index: number): number {
  const value = args[index] ?? nil
  if (value.kind === 'float' || value.kind === 'int') return value.number
  if (value.kind !== 'string') throw new TemplateError(`can't convert ${typeName(value)} to float`)
  const number = value.text === '+Inf' ? Number.POSITIVE_INFINITY : value.text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(value.text)
  if (value.text !== 'NaN' && (value.text.trim() !== value.text || value.text === '' || Number.isNaN(number)))
    throw new TemplateError(`parsing ${JSON.stringify(value.text)}: invalid syntax`)
  return number
}

export function arrayArgument(args: readonly Value[], index: number): readonly Value[] {
  const value = args[index] ?? nil
  if (value.kind !== 'list') throw new TemplateError(`wrong type for value; expected a list of series; got ${typeName(value)}`)
  return value.items
}

type Builtin = (args: readonly Value[]) => Value

/** `and` and `or` stop early, so evaluate.ts calls them; they are here for their names. */
export const builtins: Readonly<Record<string, Builtin>> = {
  and: () => nil,
  or: () => nil,
  not: (args) => {
    arity(args, 1)
    return bool(!isTrue(args[0] ?? nil))
  },
  len: ([value = nil]) => {
    if (value.kind === 'string') return int(new TextEncoder().encode(value.text).length)
    if (value.kind === 'list') return int(value.items.length)
    if (value.kind === 'map' && value.of !== 'struct') return int(value.entries.size)
    throw new TemplateError(`len of type ${typeName(value)}`)
  },
  index: ([value = nil, ...keys]) => keys.reduce(itemOf, value),
  slice: (args) => text(textArgument(args, 0).slice(wholeArgument(args, 1, 0), wholeArgument(args, 2, textArgument(args, 0).length))),
  print: (args) => text(printed(args)),
  println: (args) => text(`${args.map(printValue).join(' ')}\n`),
  printf: ([format = nil, ...args]) => text(sprintf(textArgument([format], 0), args)),
  html: (args) => text(printed(args).replace(/["'&<>]/g, (char) => `&${entities[char] ?? ''};`)),
  js: (args) =>
    text(
      printed(args).replace(
        /[\\'"<>&=\n\r]/g,
        (char) => jsEscapes[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
      ),
    ),
  urlquery: (args) => text(encodeURIComponent(printed(args).toWellFormed()).replaceAll('%20', '+')),
  eq: (args) => {
    const [first = nil, ...others] = args
    if (others.length === 0) throw new TemplateError('missing argument for comparison')
    return bool(others.map((other) => isEqual(first, other)).includes(true))
  },
  ne: (args) => {
    arity(args, 2)
    return bool(!isEqual(args[0] ?? nil, args[1] ?? nil))
  },
  lt: compared((order) => order < 0),
  le: compared((order) => order <= 0),
  gt: compared((order) => order > 0),
  ge: compared((order) => order >= 0),
}

const entities: Readonly<Record<string, string>> = { '"': '#34', "'": '#39', '&': 'amp', '<': 'lt', '>': 'gt' }
const jsEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '"': '\\"' }

/** Blanks between values that are both no texts. */
function printed(args: readonly Value[]): string {
  return args
    .map((one, index) => (index > 0 && one.kind !== 'string' && args[index - 1]?.kind !== 'string' ? ' ' : '') + printValue(one))
    .join('')
}

function itemOf(value: Value, key: Value): Value {
  if (value.kind === 'map' && value.of !== 'struct') {
    if (key.kind !== 'string') throw new TemplateError(`value has type ${typeName(key)}; should be string`)
    return value.entries.get(key.text) ?? (value.of === 'strings' ? text('') : nil)
  }
  if (value.kind !== 'list' && value.kind !== 'string') throw new TemplateError(`can't index item of type ${typeName(value)}`)
  if (key.kind !== 'int') throw new TemplateError(`cannot index slice/array with type ${typeName(key)}`)
  const item = value.kind === 'list' ? value.items[key.number] : int(new TextEncoder().encode(value.text)[key.number] ?? -1)
  if (item === undefined || (item.kind === 'int' && item.number < 0)) throw new TemplateError(`index out of range: ${key.number}`)
  return item
}

function wholeArgument(args: readonly Value[], index: number, otherwise: number): number {
  const value = args[index]
  if (value === undefined) return otherwise
  if (value.kind !== 'int' || value.number < 0) throw new TemplateError('index out of range')
  return value.number
}

function isEqual(one: Value, other: Value): boolean {
  if (one.kind === 'nil' || other.kind === 'nil') return one.kind === other.kind
  if (one.kind === 'bool' && other.kind === 'bool') return one.truth === other.truth
  return orderOf(one, other) === 0
}

function compared(holds: (order: number) => boolean): Builtin {
  return (args) => {
    arity(args, 2)
    return bool(holds(orderOf(args[0] ?? nil, args[1] ?? nil)))
  }
}

/** Of two of one kind; NaN is neither more, less nor equal. */
function orderOf(one: Value, other: Value): number {
  if (one.kind === 'string' && other.kind === 'string') return compareBytes(one.text, other.text)
  if (one.kind === 'int' && other.kind === 'int') return orderOfNumbers(one.number, other.number)
  if (one.kind === 'float' && other.kind === 'float') return orderOfNumbers(one.number, other.number)
  throw new TemplateError('incompatible types for comparison')
}

function orderOfNumbers(one: number, other: number): number {
  if (one === other) return 0
  if (one < other) return -1
  return one > other ? 1 : Number.NaN
}
