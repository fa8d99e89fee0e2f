/** Go's `printf` and what prints a value, as far as rules' values go. Read next: float.ts, values.ts. */
import { assertNever } from '../assert.ts'
import { formatFloat } from './float.ts'
import { sortedEntries, TemplateError, typeName, type Value } from './values.ts'

/** As `{{ value }}` prints it. */
export function printValue(value: Value): string {
  switch (value.kind) {
    case 'nil':
      return '<no value>'
    case 'bool':
      return String(value.truth)
    case 'int':
      return String(value.number)
    case 'float':
      return formatFloat(value.number, 'g', null)
    case 'string':
      return value.text
    case 'list':
      return `[${value.items.map(printNested).join(' ')}]`
    case 'map': {
      const entries = value.of === 'struct' ? [...value.entries] : sortedEntries(value.entries)
      if (value.of === 'struct') return `{${entries.map(([, one]) => printNested(one)).join(' ')}}`
      return `map[${entries.map(([key, one]) => `${key}:${printNested(one)}`).join(' ')}]`
    }
    default:
      return assertNever(value)
  }
}

function printNested(value: Value): string {
  return value.kind === 'nil' ? '<nil>' : printValue(value)
}

type Directive = Readonly<{ flags: string; width: number; precision: number | null; verb: string }>

const directivePattern = /%([-+# 0]*)(\d*)(?:(\.)(\d*))?(.|$)/gsu
/** A page has no use for wider columns. */
const widthMax = 1_000

export function sprintf(format: string, args: readonly Value[]): string {
  let next = 0
  const written = format.replace(
    directivePattern,
    (_all, flags: string, width: string, dot: string | undefined, digits: string | undefined, verb: string) => {
      if (verb === '%') return '%'
      if (verb === '') return '%!(NOVERB)'
      const value = args[next]
      next += 1
      if (value === undefined) return `%!${verb}(MISSING)`
      if (Number(width) > widthMax || Number(digits ?? 0) > widthMax)
        throw new TemplateError(`printf: a width or precision over ${widthMax}`)
      return format1({ flags, width: Number(width), precision: dot === undefined ? null : Number(digits ?? 0), verb }, value)
    },
  )
  const rest = args.slice(next)
  if (rest.length === 0) return written
  return `${written}%!(EXTRA ${rest.map((one) => `${typeName(one)}=${printNested(one)}`).join(', ')})`
}

function format1(directive: Directive, value: Value): string {
  const body = formatVerb(directive, value)
  if (body !== null) return padded(body, directive, value)
  // What doesn't fit is printed as it would be by %v, with the same width.
  const plain = { ...directive, verb: 'v' }
  return `%!${directive.verb}(${typeName(value)}=${padded(formatVerb(plain, value) ?? '', plain, value)})`
}

function padded(body: string, { flags, width, verb }: Directive, value: Value): string {
  const missing = width - [...body].length
  if (missing <= 0) return body
  if (flags.includes('-')) return body + ' '.repeat(missing)
  const numeric = (value.kind === 'int' || value.kind === 'float') && verb !== 's' && !/Inf|NaN/.test(body)
  if (!flags.includes('0') || !numeric) return ' '.repeat(missing) + body
  const sign = /^[-+ ]/.test(body) ? body.slice(0, 1) : ''
  return sign + '0'.repeat(missing) + body.slice(sign.length)
}

/** null = the verb doesn't fit the value. */
function formatVerb(directive: Directive, value: Value): string | null {
  const { verb, precision } = directive
  if (verb === 'T') return typeName(value)
  switch (value.kind) {
    case 'float':
      return floatVerb(directive, value.number)
    case 'int':
      return intVerb(directive, value.number)
    case 'bool':
      return verb === 't' || verb === 'v' ? String(value.truth) : null
    case 'string':
      return stringVerb(verb, precision === null ? value.text : [...value.text].slice(0, precision).join(''))
    case 'nil':
      return verb === 'v' ? '<nil>' : null
    case 'list':
    case 'map':
      return verb === 'v' || verb === 's' ? printValue(value) : null
    default:
      return assertNever(value)
  }
}

function stringVerb(verb: string, text: string): string | null {
  if (verb === 's' || verb === 'v') return text
  if (verb === 'q') return JSON.stringify(text)
  if (verb !== 'x' && verb !== 'X') return null
  const hex = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return verb === 'x' ? hex : hex.toUpperCase()
}

function floatVerb({ flags, precision, verb }: Directive, number: number): string | null {
  const written = writtenFloat(verb, precision, number)
  if (written === null) return null
  if (written.startsWith('+') || written.startsWith('-')) return written
  if (flags.includes('+')) return `+${written}`
  return flags.includes(' ') ? ` ${written}` : written
}

function writtenFloat(verb: string, precision: number | null, number: number): string | null {
  switch (verb) {
    case 'v':
    case 'g':
      return formatFloat(number, 'g', precision)
    case 'G':
      return formatFloat(number, 'g', precision).replace('e', 'E')
    case 'f':
    case 'F':
      return formatFloat(number, 'f', precision ?? 6)
    case 'e':
      return formatFloat(number, 'e', precision ?? 6)
    case 'E':
      return formatFloat(number, 'e', precision ?? 6).replace('e', 'E')
    default:
      return null
  }
}

const bases: Readonly<Record<string, number>> = { d: 10, v: 10, x: 16, X: 16, o: 8, b: 2 }

function intVerb({ flags, precision, verb }: Directive, number: number): string | null {
  if (verb === 'c') return String.fromCodePoint(Math.min(Math.max(0, number), 0x10ffff))
  const base = bases[verb]
  if (base === undefined) return null
  const digits = Math.abs(number)
    .toString(base)
    .padStart(precision ?? 0, '0')
  const sign = number < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  return sign + (verb === 'X' ? digits.toUpperCase() : digits)
}
