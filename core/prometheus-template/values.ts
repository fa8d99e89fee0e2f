/** What templates work on: the few of Go's types that rules can reach. Read next: evaluate.ts, printf.ts. */
import { assertNever } from '../assert.ts'

export type Value = Readonly<
  | { kind: 'nil' }
  | { kind: 'bool'; truth: boolean }
  | { kind: 'int'; number: number }
  | { kind: 'float'; number: number }
  | { kind: 'string'; text: string }
  /** `zero`: what a key that isn't there gives. `struct`: a field that isn't there is an error. */
  | { kind: 'map'; of: 'strings' | 'any' | 'struct'; name: string; entries: ReadonlyMap<string, Value> }
  | { kind: 'list'; items: readonly Value[] }
>

/** One series of an instant query, as `query` gives it. */
export type Sample = Readonly<{ labels: Readonly<Record<string, string>>; value: number }>

/** What a template does wrong, as a sentence. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TemplateError'
  }
}

export const nil: Value = { kind: 'nil' }
export const text = (value: string): Value => ({ kind: 'string', text: value })
export const int = (number: number): Value => ({ kind: 'int', number })
export const float = (number: number): Value => ({ kind: 'float', number })
export const bool = (truth: boolean): Value => ({ kind: 'bool', truth })
export const list = (items: readonly Value[]): Value => ({ kind: 'list', items })

export function strings(values: Readonly<Record<string, string>>): Value {
  return {
    kind: 'map',
    of: 'strings',
    name: 'map[string]string',
    entries: new Map(Object.entries(values).map(([key, one]) => [key, text(one)])),
  }
}

export function struct(name: string, fields: Readonly<Record<string, Value>>): Value {
  return { kind: 'map', of: 'struct', name, entries: new Map(Object.entries(fields)) }
}

export function sampleValue({ labels, value }: Sample): Value {
  return struct('*template.sample', { Labels: strings(labels), Value: float(value) })
}

/** As `if` sees it: what is empty or zero is false. */
export function isTrue(value: Value): boolean {
  switch (value.kind) {
    case 'nil':
      return false
    case 'bool':
      return value.truth
    case 'int':
    case 'float':
      return value.number !== 0
    case 'string':
      return value.text !== ''
    case 'list':
      return value.items.length > 0
    case 'map':
      return value.of === 'struct' || value.entries.size > 0
    default:
      return assertNever(value)
  }
}

/** The name of its type, as Go prints it. */
export function typeName(value: Value): string {
  switch (value.kind) {
    case 'nil':
      return '<nil>'
    case 'bool':
    case 'int':
    case 'string':
      return value.kind
    case 'float':
      return 'float64'
    case 'list':
      return 'template.queryResult'
    case 'map':
      return value.name
    default:
      return assertNever(value)
  }
}

/** Keys in the order in which Go visits maps in templates. */
export function sortedEntries(entries: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  return [...entries].sort(([one], [other]) => compareBytes(one, other))
}

/** By bytes of UTF-8, which is by code points. */
export function compareBytes(one: string, other: string): number {
  const [left, right] = [[...one], [...other]]
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
