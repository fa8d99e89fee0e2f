/**
 * What a sum of sum-syntax.ts comes to. Never throws to its callers, and runs nothing but its own few functions.
 */
import { assertNever } from '../../assert.ts'
import type { FunctionName, Operator, Sum } from './sum-syntax.ts'

/** What a name stands for; null = nothing is known of it. */
export type Lookup = (name: string) => string | number | null

export type Computed = Readonly<{ ok: true; value: string | number } | { ok: false; reason: string }>

const decimalsMax = 15

class NoResult extends Error {}

export function compute(sum: Sum, lookup: Lookup): Computed {
  try {
    const value = valueIn(sum, lookup)
    if (typeof value === 'number' && !Number.isFinite(value)) return { ok: false, reason: 'its result is no number' }
    // 0.1 + 0.2 is 0.3 to people.
    return { ok: true, value: typeof value === 'number' ? Number(value.toPrecision(12)) : value }
  } catch (error) {
    if (!(error instanceof NoResult)) throw error
    return { ok: false, reason: error.message }
  }
}

function valueIn(expression: Sum, lookup: Lookup): string | number {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'name': {
      const value = lookup(expression.name)
      if (value === null) throw new NoResult(`${expression.name} has no value`)
      return value
    }
    case 'negative':
      return -numberOf(valueIn(expression.of, lookup))
    case 'operation':
      return operate(expression.operator, numberOf(valueIn(expression.left, lookup)), numberOf(valueIn(expression.right, lookup)))
    case 'call':
      return apply(
        expression.name,
        expression.of.map((argument) => valueIn(argument, lookup)),
      )
    default:
      return assertNever(expression)
  }
}

function operate(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      return left % right
    case '**':
      return left ** right
    default:
      return assertNever(operator)
  }
}

function apply(name: FunctionName, values: readonly (string | number)[]): string | number {
  if (name === 'strip') return strip(String(values[0] ?? ''), values[1] === undefined ? null : String(values[1]))
  const numbers = values.map(numberOf)
  const [first = 0, second = 0] = numbers
  switch (name) {
    case 'round': {
      const factor = 10 ** Math.min(decimalsMax, Math.max(0, Math.trunc(second)))
      return Number.isFinite(first * factor) ? Math.round(first * factor) / factor : first
    }
    case 'int':
      return Math.trunc(first)
    case 'abs':
      return Math.abs(first)
    case 'floor':
      return Math.floor(first)
    case 'ceil':
      return Math.ceil(first)
    case 'min':
      return Math.min(...numbers)
    case 'max':
      return Math.max(...numbers)
    default:
      return assertNever(name)
  }
}

/** Takes a text away at both ends, once each; without one, blanks. */
function strip(text: string, what: string | null): string {
  if (what === null) return text.trim()
  const rest = what !== '' && text.startsWith(what) ? text.slice(what.length) : text
  return what !== '' && rest.endsWith(what) ? rest.slice(0, rest.length - what.length) : rest
}

function numberOf(value: string | number): number {
  if (typeof value === 'number') return value
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number)) throw new NoResult(`${JSON.stringify(value.slice(0, 50))} is no number`)
  return number
}
