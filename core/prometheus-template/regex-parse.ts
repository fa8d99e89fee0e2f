/** A regular expression of RE2's language as steps of a small machine. Throws a TemplateError where it isn't one. Read next: regex.ts. */
import { TemplateError } from './values.ts'

export type Instruction = Readonly<
  | { kind: 'char'; test: (char: string) => boolean }
  | { kind: 'assert'; holds: (before: string | undefined, after: string | undefined) => boolean }
  | { kind: 'split'; to: readonly number[] }
  | { kind: 'jump'; to: number }
  | { kind: 'save'; slot: number }
  | { kind: 'match' }
>
export type Program = Readonly<{ steps: readonly Instruction[]; groups: number; names: ReadonlyMap<string, number> }>

/** Counted repeats are written out: RE2 takes a thousand, and so many steps of one expression. */
const repeatsMax = 1_000
const stepsMax = 10_000
const nestingMax = 50

/** Steps with jumps that count from their own beginning. */
type Code = readonly Instruction[]
type Flags = Readonly<{ fold: boolean; lines: boolean; dotAll: boolean; lazy: boolean }>
type Reader = {
  readonly text: readonly string[]
  at: number
  groups: number
  depth: number
  flags: Flags
  readonly names: Map<string, number>
}

export function parseRegex(pattern: string): Program {
  const flags = { fold: false, lines: false, dotAll: false, lazy: false }
  const reader: Reader = { text: [...pattern], at: 0, groups: 0, depth: 0, flags, names: new Map() }
  const code = alternatives(reader)
  if (reader.at < reader.text.length) throw wrong(pattern, 'an unexpected )')
  return { steps: [...code, { kind: 'match' }], groups: reader.groups, names: reader.names }
}

function alternatives(reader: Reader): Code {
  reader.depth += 1
  if (reader.depth > nestingMax) throw wrong(reader.text.join(''), 'it nests too deeply')
  const { flags } = reader
  let code = sequence(reader)
  while (reader.text[reader.at] === '|') {
    reader.at += 1
    const other = sequence(reader)
    code = bounded([
      split(1, code.length + 2),
      ...shifted(code, 1),
      jump(code.length + 2 + other.length),
      ...shifted(other, code.length + 2),
    ])
  }
  reader.flags = flags
  reader.depth -= 1
  return code
}

function sequence(reader: Reader): Code {
  const code: Instruction[] = []
  for (let char = reader.text[reader.at]; char !== undefined && char !== '|' && char !== ')'; char = reader.text[reader.at]) {
    const piece = repeated(reader, atom(reader))
    code.push(...shifted(piece, code.length))
    bounded(code)
  }
  return code
}

function repeated(reader: Reader, one: Code): Code {
  let code = one
  for (;;) {
    const counts = countsAt(reader)
    if (counts === null) return code
    const lazy = reader.text[reader.at] === '?'
    if (lazy) reader.at += 1
    code = repeat(code, counts.min, counts.max, lazy !== reader.flags.lazy)
  }
}

type Counts = Readonly<{ min: number; max: number | null }>

function countsAt(reader: Reader): Counts | null {
  const char = reader.text[reader.at]
  const simple: Readonly<Record<string, Counts>> = { '*': { min: 0, max: null }, '+': { min: 1, max: null }, '?': { min: 0, max: 1 } }
  const known = char === undefined ? undefined : simple[char]
  if (known !== undefined) {
    reader.at += 1
    return known
  }
  const [all, min, comma, max] = /^\{(\d{1,4})(,)?(\d{1,4})?\}/.exec(reader.text.slice(reader.at, reader.at + 12).join('')) ?? []
  if (all === undefined) return null
  reader.at += all.length
  const counts = { min: Number(min), max: comma === undefined ? Number(min) : max === undefined ? null : Number(max) }
  if (counts.min > repeatsMax || (counts.max ?? 0) > repeatsMax || (counts.max ?? counts.min) < counts.min)
    throw wrong(reader.text.join(''), `invalid repeat count ${all}`)
  return counts
}

function repeat(one: Code, min: number, max: number | null, lazy: boolean): Code {
  const code: Instruction[] = []
  const add = (piece: Code): void => {
    code.push(...shifted(piece, code.length))
    bounded(code)
  }
  const choose = (into: number, past: number): Instruction => (lazy ? split(past, into) : split(into, past))
  for (let count = 0; count < min; count += 1) add(one)
  if (max === null) add([choose(1, one.length + 2), ...shifted(one, 1), jump(0)])
  else for (let count = min; count < max; count += 1) add([choose(1, one.length + 1), ...shifted(one, 1)])
  return code
}

function atom(reader: Reader): Code {
  const char = reader.text[reader.at] ?? ''
  reader.at += 1
  const { lines, dotAll } = reader.flags
  switch (char) {
    case '(':
      return group(reader)
    case '[':
      return [{ kind: 'char', test: setAt(reader) }]
    case '.':
      return [{ kind: 'char', test: dotAll ? () => true : (one) => one !== '\n' }]
    case '^':
      return [{ kind: 'assert', holds: (before) => before === undefined || (lines && before === '\n') }]
    case '$':
      return [{ kind: 'assert', holds: (_before, after) => after === undefined || (lines && after === '\n') }]
    case '\\':
      return escaped(reader)
    case '*':
    case '+':
    case '?':
      throw wrong(reader.text.join(''), `missing argument to repetition operator ${char}`)
    default:
      return [{ kind: 'char', test: same(reader, char) }]
  }
}

function group(reader: Reader): Code {
  const { flags } = reader
  let slot: number | null = null
  if (reader.text[reader.at] !== '?') {
    reader.groups += 1
    slot = reader.groups
  } else {
    const [all, name, given, end] =
      /^\?(?:P?<([A-Za-z_]\w*)>|([imsU]*(?:-[imsU]+)?)([:)]))/.exec(reader.text.slice(reader.at, reader.at + 100).join('')) ?? []
    if (all === undefined) throw wrong(reader.text.join(''), 'a group that RE2 does not have')
    reader.at += [...all].length
    if (name !== undefined) {
      reader.groups += 1
      slot = reader.groups
      reader.names.set(name, slot)
    } else {
      reader.flags = flagged(flags, given ?? '')
      // For the rest of the group around.
      if (end === ')') return []
    }
  }
  const inside = alternatives(reader)
  if (reader.text[reader.at] !== ')') throw wrong(reader.text.join(''), 'missing closing )')
  reader.at += 1
  reader.flags = flags
  return slot === null ? inside : [{ kind: 'save', slot: slot * 2 }, ...shifted(inside, 1), { kind: 'save', slot: slot * 2 + 1 }]
}

function flagged(flags: Flags, given: string): Flags {
  const [on = '', off = ''] = given.split('-')
  const flag = (letter: string, now: boolean): boolean => (on.includes(letter) ? true : off.includes(letter) ? false : now)
  return { fold: flag('i', flags.fold), lines: flag('m', flags.lines), dotAll: flag('s', flags.dotAll), lazy: flag('U', flags.lazy) }
}

type Test = (char: string) => boolean
const digit: Test = (char) => /^[0-9]$/.test(char)
const wordChar: Test = (char) => /^[0-9A-Za-z_]$/.test(char)
const blank: Test = (char) => /^[\t\n\f\r ]$/.test(char)
const not =
  (test: Test): Test =>
  (char) =>
    !test(char)
const classes: Readonly<Record<string, Test>> = { d: digit, D: not(digit), w: wordChar, W: not(wordChar), s: blank, S: not(blank) }
const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }
const named: Readonly<Record<string, RegExp>> = {
  alnum: /^[0-9A-Za-z]$/,
  alpha: /^[A-Za-z]$/,
  digit: /^[0-9]$/,
  lower: /^[a-z]$/,
  upper: /^[A-Z]$/,
  space: /^[\t\n\v\f\r ]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  word: /^[0-9A-Za-z_]$/,
  xdigit: /^[0-9A-Fa-f]$/,
  blank: /^[\t ]$/,
}

function escaped(reader: Reader): Code {
  const char = reader.text[reader.at]
  const word = (one: string | undefined): boolean => one !== undefined && wordChar(one)
  const asserts: Readonly<Record<string, Extract<Instruction, { kind: 'assert' }>['holds']>> = {
    b: (before, after) => word(before) !== word(after),
    B: (before, after) => word(before) === word(after),
    A: (before) => before === undefined,
    z: (_before, after) => after === undefined,
  }
  const holds = char === undefined ? undefined : asserts[char]
  if (holds !== undefined) {
    reader.at += 1
    return [{ kind: 'assert', holds }]
  }
  const read = escapeAt(reader)
  return [{ kind: 'char', test: typeof read === 'string' ? same(reader, read) : read }]
}

/** A character, or a class of them. */
function escapeAt(reader: Reader): string | Test {
  const char = reader.text[reader.at]
  if (char === undefined) throw wrong(reader.text.join(''), 'a backslash at its end')
  reader.at += 1
  if (classes[char] !== undefined) return classes[char]
  if (controls[char] !== undefined) return controls[char]
  if (char === 'x') {
    const [all, braced, plain] =
      /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(reader.text.slice(reader.at, reader.at + 8).join('')) ?? []
    if (all !== undefined) {
      reader.at += all.length
      return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(braced ?? plain ?? '0', 16)))
    }
  }
  if (/^[0-9A-Za-z]$/.test(char)) throw wrong(reader.text.join(''), `invalid escape sequence \\${char}`)
  return char
}

function setAt(reader: Reader): Test {
  const negated = reader.text[reader.at] === '^'
  if (negated) reader.at += 1
  const tests: Test[] = []
  for (let first = true; first || reader.text[reader.at] !== ']'; first = false) {
    const [all, minus, name] = /^\[:(\^?)([a-z]+):\]/.exec(reader.text.slice(reader.at, reader.at + 12).join('')) ?? []
    const known = name === undefined ? undefined : named[name]
    if (all !== undefined && known !== undefined) {
      reader.at += all.length
      tests.push((char) => known.test(char) === (minus === ''))
      continue
    }
    tests.push(rangeAt(reader))
  }
  reader.at += 1
  return (char) => tests.some((test) => test(char)) !== negated
}

function rangeAt(reader: Reader): Test {
  const low = memberAt(reader)
  if (typeof low !== 'string') return low
  if (reader.text[reader.at] !== '-' || reader.text[reader.at + 1] === ']') return same(reader, low)
  reader.at += 1
  const high = memberAt(reader)
  const [from, to] = [low.codePointAt(0) ?? 0, typeof high === 'string' ? (high.codePointAt(0) ?? 0) : -1]
  if (to < from) throw wrong(reader.text.join(''), 'invalid character class range')
  const within: Test = (char) => (char.codePointAt(0) ?? 0) >= from && (char.codePointAt(0) ?? 0) <= to
  return reader.flags.fold ? (char) => within(char.toLowerCase()) || within(char.toUpperCase()) : within
}

function memberAt(reader: Reader): string | Test {
  const char = reader.text[reader.at]
  if (char === undefined) throw wrong(reader.text.join(''), 'missing closing ]')
  reader.at += 1
  return char === '\\' ? escapeAt(reader) : char
}

function same({ flags }: Reader, char: string): Test {
  if (!flags.fold) return (one) => one === char
  const lower = char.toLowerCase()
  return (one) => one.toLowerCase() === lower
}

function shifted(code: Code, by: number): Instruction[] {
  return code.map((one) => {
    if (one.kind === 'split') return { kind: 'split', to: one.to.map((to) => to + by) }
    return one.kind === 'jump' ? { kind: 'jump', to: one.to + by } : one
  })
}

const split = (...to: number[]): Instruction => ({ kind: 'split', to })
const jump = (to: number): Instruction => ({ kind: 'jump', to })

function bounded<Bounded extends Code>(code: Bounded): Bounded {
  if (code.length > stepsMax) throw new TemplateError('the regular expression is too large')
  return code
}

function wrong(pattern: string, what: string): TemplateError {
  return new TemplateError(`error parsing regexp: ${what}: ${pattern.slice(0, 200)}`)
}
