/**
 * The sums of `{{eval "round(value / 1024, 2)"}}`: numbers, names, + - * / % **, brackets and a few functions. A grammar of our own, so
 * that nothing of what a text says is ever run. Never throws to its callers. Read next: sum.ts.
 */
import { assertNever } from '../../assert.ts'

export type Sum = Readonly<
  | { kind: 'literal'; value: string | number }
  | { kind: 'name'; name: string }
  | { kind: 'negative'; of: Sum }
  | { kind: 'operation'; operator: Operator; left: Sum; right: Sum }
  | { kind: 'call'; name: FunctionName; of: readonly Sum[] }
>

export type ParsedSum = Readonly<{ ok: true; sum: Sum } | { ok: false; message: string /** From 0, in the sum. */; offset: number }>

export type Operator = '+' | '-' | '*' | '/' | '%' | '**'

/** Name → how many arguments at least and at most. */
const functions = {
  round: [1, 2],
  int: [1, 1],
  abs: [1, 1],
  floor: [1, 1],
  ceil: [1, 1],
  min: [1, 10],
  max: [1, 10],
  strip: [1, 2],
} as const
export type FunctionName = keyof typeof functions

/** Brackets in brackets. */
const nestingMax = 30

class Unreadable extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

export function parseSum(text: string): ParsedSum {
  try {
    return { ok: true, sum: reader(text).whole() }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { ok: false, message: error.message, offset: error.offset }
  }
}

/** The names in a sum, in order, as often as they stand there. */
export function namesIn(sum: Sum): string[] {
  switch (sum.kind) {
    case 'literal':
      return []
    case 'name':
      return [sum.name]
    case 'negative':
      return namesIn(sum.of)
    case 'operation':
      return [...namesIn(sum.left), ...namesIn(sum.right)]
    case 'call':
      return sum.of.flatMap(namesIn)
    default:
      return assertNever(sum)
  }
}

type Token = Readonly<{ kind: 'number' | 'text' | 'name' | 'sign' | 'end'; text: string; end: number }>

const tokenPattern =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\.\d+)|("[^"]*"|'[^']*')|((?:[\p{L}_@][\p{L}\p{N}_@]*|\[[^\]]*\])(?:\.(?:[\p{L}\p{N}_@-]+|\[[^\]]*\]))*)|(\*\*|[-+*/%(),]))/uy

function tokenAt(text: string, at: number): Token {
  tokenPattern.lastIndex = at
  const found = tokenPattern.exec(text)
  if (found === null) {
    const start = text.length - text.slice(at).trimStart().length
    if (start >= text.length) return { kind: 'end', text: '', end: text.length }
    throw new Unreadable(`${JSON.stringify(String.fromCodePoint(text.codePointAt(start) ?? 0))} can’t stand in a sum`, start)
  }
  const [whole, number, quoted, name, sign = ''] = found
  const end = at + whole.length
  if (number !== undefined) return { kind: 'number', text: number, end }
  if (quoted !== undefined) return { kind: 'text', text: quoted, end }
  if (name !== undefined) return { kind: 'name', text: name, end }
  return { kind: 'sign', text: sign, end }
}

function reader(text: string) {
  let at = 0
  let depth = 0

  function takes(sign: string): boolean {
    const token = tokenAt(text, at)
    if (token.kind !== 'sign' || token.text !== sign) return false
    at = token.end
    return true
  }

  function takesOneOf(operators: readonly Operator[]): Operator | null {
    return operators.find((operator) => takes(operator)) ?? null
  }

  function expected(what: string): Unreadable {
    const token = tokenAt(text, at)
    const instead = token.kind === 'end' ? 'the sum ends' : `${JSON.stringify(token.text)} stands there`
    return new Unreadable(`expected ${what}, but ${instead}`, token.end - token.text.length)
  }

  /** Operators of one rank, from left to right. */
  function rank(operators: readonly Operator[], operand: () => Sum): Sum {
    let left = operand()
    for (let operator = takesOneOf(operators); operator !== null; operator = takesOneOf(operators)) {
      left = { kind: 'operation', operator, left, right: operand() }
    }
    return left
  }

  const sum = (): Sum => rank(['+', '-'], product)
  const product = (): Sum => rank(['*', '/', '%'], signed)

  function signed(): Sum {
    depth += 1
    if (depth > nestingMax) throw new Unreadable(`the sum is nested deeper than ${nestingMax}`, at)
    const inner: Sum = takes('-') ? { kind: 'negative', of: signed() } : takes('+') ? signed() : power()
    depth -= 1
    return inner
  }

  function power(): Sum {
    const left = atom()
    return takes('**') ? { kind: 'operation', operator: '**', left, right: signed() } : left
  }

  function atom(): Sum {
    if (takes('(')) return closed(sum())
    const token = tokenAt(text, at)
    if (token.kind === 'end' || token.kind === 'sign') throw expected('a number or a name')
    at = token.end
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) }
    if (token.kind === 'text') return { kind: 'literal', value: token.text.slice(1, -1) }
    if (takes('(')) return call(token.text, token.end - token.text.length)
    return { kind: 'name', name: token.text.replace(/[[\]]/g, '') }
  }

  function closed(inner: Sum): Sum {
    if (!takes(')')) throw expected(')')
    return inner
  }

  function call(name: string, start: number): Sum {
    if (!isFunction(name)) {
      throw new Unreadable(`there is no function ${JSON.stringify(name)}: use one of ${Object.keys(functions).join(', ')}`, start)
    }
    const of = [sum()]
    while (takes(',')) of.push(sum())
    const [fewest, most] = functions[name]
    const made = closed({ kind: 'call', name, of })
    if (of.length >= fewest && of.length <= most) return made
    throw new Unreadable(`${name} takes ${fewest === most ? '' : `${fewest} to `}${most} arguments, not ${of.length}`, start)
  }

  function whole(): Sum {
    const all = sum()
    if (tokenAt(text, at).kind !== 'end') throw expected('+, -, *, /, %, ** or the end')
    return all
  }

  return { whole }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(functions, name)
}
