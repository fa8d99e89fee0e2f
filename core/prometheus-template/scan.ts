/** The text of a template as pieces: text between actions, with blanks trimmed, and the tokens of each action. Read next: parse.ts. */
import { TemplateError } from './values.ts'

export type Token = Readonly<{
  kind: 'space' | 'name' | 'variable' | 'field' | 'dot' | 'number' | 'string' | 'char' | 'sign'
  text: string
}>

export type Piece = Readonly<{ kind: 'text'; text: string } | { kind: 'action'; tokens: readonly Token[]; line: number }>

const blanks = ' \t\r\n'

export function scan(source: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trimsNext = false
  let line = 1
  for (;;) {
    const open = source.indexOf('{{', at)
    const rest = open < 0 ? source.slice(at) : source.slice(at, open)
    const trimsHere = open >= 0 && source[open + 2] === '-' && isBlank(source[open + 3])
    const shown = trimmedEnd(trimsNext ? trimmedStart(rest) : rest, trimsHere)
    if (shown !== '') pieces.push({ kind: 'text', text: shown })
    if (open < 0) return pieces
    line += newlines(rest)
    const from = open + (trimsHere ? 4 : 2)
    const action = scanAction(source, from, line)
    if (action.tokens !== null) pieces.push({ kind: 'action', tokens: action.tokens, line })
    line += newlines(source.slice(open, action.end))
    at = action.end
    trimsNext = action.trims
  }
}

type Action = Readonly<{ tokens: Token[] | null; end: number; trims: boolean }>

function scanAction(source: string, from: number, line: number): Action {
  if (source.startsWith('/*', from)) {
    const close = source.indexOf('*/', from)
    const [end = ''] = close < 0 ? [] : (/^(?:[ \t\r\n]-)?\}\}/.exec(source.slice(close + 2, close + 6)) ?? [])
    if (end === '') throw new TemplateError(`line ${line}: a comment is not closed`)
    return { tokens: null, end: close + 2 + end.length, trims: end.length > 2 }
  }
  const tokens: Token[] = []
  let at = from
  for (;;) {
    if (source.startsWith('}}', at)) return { tokens, end: at + 2, trims: false }
    if (isBlank(source[at]) && source.startsWith('-}}', at + 1)) return { tokens, end: at + 4, trims: true }
    if (at >= source.length) throw new TemplateError(`line ${line}: an action is not closed`)
    const token = scanToken(source, at, line)
    tokens.push(token)
    at += token.text.length
  }
}

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\.)+'/y],
  ['number', /[-+]?(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['variable', /\$(?:[\p{L}\p{Nd}_]*)/uy],
  ['name', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['sign', /:=|[()|,=]/y],
]

function scanToken(source: string, at: number, line: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const [text] = pattern.exec(source) ?? []
    if (text !== undefined) return { kind, text }
  }
  throw new TemplateError(`line ${line}: unexpected ${JSON.stringify(source[at])} in an action`)
}

const isBlank = (char: string | undefined): boolean => char !== undefined && blanks.includes(char)
const trimmedStart = (text: string): string => text.replace(/^[ \t\r\n]+/, '')

/** By hand: a pattern for blanks at the end looks at each run of them. */
function trimmedEnd(text: string, trims: boolean): string {
  let end = text.length
  while (trims && isBlank(text[end - 1])) end -= 1
  return text.slice(0, end)
}

function newlines(text: string): number {
  return text.split('\n').length - 1
}
