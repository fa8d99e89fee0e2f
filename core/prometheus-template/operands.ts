/** One pipeline of an action: declarations, commands, operands. Read next: parse.ts. */
import { isFunction } from './functions.ts'
import type { Command, Operand, Pipeline } from './nodes.ts'
import type { Token } from './scan.ts'
import { float, int, nil, TemplateError, text } from './values.ts'

/** `variables` that may be named here, with their $. */
export type Cursor = { tokens: readonly Token[]; at: number; line: number; variables: readonly string[]; depth: number }

const nestingMax = 50

export function cursorOf(tokens: readonly Token[], line: number, variables: readonly string[]): Cursor {
  return { tokens, at: 0, line, variables, depth: 0 }
}

/** `inRange`: two variables may be declared. */
export function parsePipeline(cursor: Cursor, inRange: boolean): Pipeline {
  const declared = declarationAt(cursor, inRange)
  const commands: Command[] = [parseCommand(cursor)]
  while (takeSign(cursor, '|')) commands.push(parseCommand(cursor))
  return { ...declared, commands }
}

/** `$x :=`, `$x =`, `$i, $x :=`; nothing where it is something else. */
function declarationAt(cursor: Cursor, inRange: boolean): Pick<Pipeline, 'names' | 'assigns'> {
  const from = cursor.at
  const names: string[] = []
  for (;;) {
    const token = peek(cursor)
    if (token?.kind !== 'variable') break
    cursor.at += 1
    names.push(token.text)
    if (takeSign(cursor, ',')) continue
    if (takeSign(cursor, ':=')) return accepted(names, false)
    if (takeSign(cursor, '=')) return accepted(names, true)
    break
  }
  cursor.at = from
  return { names: [], assigns: false }

  function accepted(given: readonly string[], assigns: boolean): Pick<Pipeline, 'names' | 'assigns'> {
    if (given.length > (inRange ? 2 : 1)) throw wrong(cursor, 'too many variables are declared')
    const unknown = assigns ? given.find((name) => !cursor.variables.includes(name)) : undefined
    if (unknown !== undefined) throw wrong(cursor, `undefined variable ${unknown}`)
    if (!assigns) cursor.variables = [...cursor.variables, ...given]
    return { names: given, assigns }
  }
}

function parseCommand(cursor: Cursor): Command {
  const operands: Operand[] = []
  for (let operand = operandAt(cursor); operand !== null; operand = operandAt(cursor)) operands.push(operand)
  const [first] = operands
  if (first === undefined) throw wrong(cursor, 'a value or a function is missing')
  if (operands.length > 1 && first.kind === 'literal') throw wrong(cursor, 'a literal is no function')
  return operands
}

/** null = the command is over. */
function operandAt(cursor: Cursor): Operand | null {
  const token = peek(cursor)
  if (token === undefined || (token.kind === 'sign' && token.text !== '(')) return null
  cursor.at += 1
  switch (token.kind) {
    case 'sign':
      return nestedAt(cursor)
    case 'field':
      return { kind: 'dot', fields: [token.text.slice(1), ...fieldsAt(cursor)] }
    case 'dot':
      return { kind: 'dot', fields: [] }
    case 'variable':
      if (!cursor.variables.includes(token.text)) throw wrong(cursor, `undefined variable ${token.text}`)
      return { kind: 'variable', name: token.text, fields: fieldsAt(cursor) }
    case 'name':
      return named(cursor, token.text)
    case 'number':
      return { kind: 'literal', value: numberOf(cursor, token.text) }
    case 'string':
      return { kind: 'literal', value: text(unquoted(cursor, token.text)) }
    case 'char':
      return { kind: 'literal', value: int(unquoted(cursor, token.text).codePointAt(0) ?? 0) }
    case 'space':
      throw wrong(cursor, 'unexpected blanks')
  }
}

function nestedAt(cursor: Cursor): Operand {
  cursor.depth += 1
  if (cursor.depth > nestingMax) throw wrong(cursor, `brackets are nested over ${nestingMax} levels`)
  const pipeline = parsePipeline(cursor, false)
  if (!takeSign(cursor, ')')) throw wrong(cursor, 'a bracket is not closed')
  cursor.depth -= 1
  return { kind: 'nested', pipeline, fields: fieldsAt(cursor) }
}

function named(cursor: Cursor, name: string): Operand {
  if (name === 'true' || name === 'false') return { kind: 'literal', value: { kind: 'bool', truth: name === 'true' } }
  if (name === 'nil') return { kind: 'literal', value: nil }
  if (!isFunction(name)) throw wrong(cursor, `function "${name}" not defined`)
  return { kind: 'function', name }
}

/** Fields stand right behind what they are of. */
function fieldsAt(cursor: Cursor): string[] {
  const fields: string[] = []
  for (let token = cursor.tokens[cursor.at]; token?.kind === 'field'; token = cursor.tokens[cursor.at]) {
    fields.push(token.text.slice(1))
    cursor.at += 1
  }
  return fields
}

function numberOf(cursor: Cursor, written: string) {
  const hex = /^[-+]?0x/i.test(written)
  const plain = written.replaceAll('_', '')
  const number = hex ? Number.parseInt(plain.replace(/0x/i, ''), 16) : Number(plain)
  if (!Number.isFinite(number)) throw wrong(cursor, `${written} is no number`)
  return !hex && /[.eE]/.test(written) ? float(number) : int(number)
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

function unquoted(cursor: Cursor, quoted: string): string {
  const inner = quoted.slice(1, -1)
  if (quoted.startsWith('`')) return inner
  return inner.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/gs, (all, code: string) => {
    if (/^[xuU]./.test(code)) return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(code.slice(1), 16)))
    if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
    const char = escapes[code]
    if (char === undefined) throw wrong(cursor, `${all} is no escape`)
    return char
  })
}

/** The name that stands here; null = something else does. */
export function nameAt(cursor: Cursor): string | null {
  const token = peek(cursor)
  return token?.kind === 'name' ? token.text : null
}

export function stringAt(cursor: Cursor): string {
  const token = peek(cursor)
  if (token?.kind !== 'string') throw wrong(cursor, 'a name in quotes is missing')
  cursor.at += 1
  return unquoted(cursor, token.text)
}

export function isAtEnd(cursor: Cursor): boolean {
  return peek(cursor) === undefined
}

function peek(cursor: Cursor): Token | undefined {
  while (cursor.tokens[cursor.at]?.kind === 'space') cursor.at += 1
  return cursor.tokens[cursor.at]
}

function takeSign(cursor: Cursor, sign: string): boolean {
  const token = peek(cursor)
  if (token?.kind !== 'sign' || token.text !== sign) return false
  cursor.at += 1
  return true
}

function wrong({ line }: Cursor, what: string): TemplateError {
  return new TemplateError(`line ${line}: ${what}`)
}
