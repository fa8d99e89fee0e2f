/**
 * Regular expressions of templates. They come with rules, and JavaScript's own may backtrack without end: this one visits each step at
 * each place once, so its time is bounded by their product. The first alternative wins, as in Go. Read next: regex-parse.ts.
 */
import { assertNever } from '../assert.ts'
import { type Instruction, type Program, parseRegex } from './regex-parse.ts'
import { TemplateError } from './values.ts'

/** Steps × places of one match: some 50 ms. Labels are short; a longer text is refused, not half searched. */
const visitsMax = 4_000_000

export function matches(pattern: string, text: string): boolean {
  return matcherOf(pattern)(text)
}

/** For many texts: the expression is read once. Throws a TemplateError where it is none. */
export function matcherOf(pattern: string): (text: string) => boolean {
  const program = parseRegex(pattern)
  return (text) => search(program, [...text], 0) !== null
}

/** `$1`, `${1}` and `${name}` are groups; `$1x` is the group named 1x. */
export function replaceAll(pattern: string, template: string, text: string, charsMax: number): string {
  const program = parseRegex(pattern)
  const chars = [...text]
  let out = ''
  let from = 0
  let at = 0
  let lastEnd = -1
  while (at <= chars.length) {
    const slots = search(program, chars, at)
    if (slots === null) break
    const [start = 0, end = 0] = slots
    // An empty match right behind another isn't one.
    if (end > start || start > lastEnd) {
      out += chars.slice(from, start).join('') + expanded(template, program, chars, slots)
      from = end
      lastEnd = end
    }
    if (out.length > charsMax) throw new TemplateError(`it writes more than ${charsMax} characters`)
    at = end > at ? end : at + 1
    if (end === start && at === end) at += 1
  }
  return out + chars.slice(from).join('')
}

function expanded(template: string, { names }: Program, chars: readonly string[], slots: readonly number[]): string {
  return template.replace(/\$(?:\$|\{([^{}]*)\}|([\p{L}\p{Nd}_]+))/gu, (all, braced: string | undefined, plain: string | undefined) => {
    const name = braced ?? plain
    if (name === undefined) return '$'
    if (!/^[\p{L}\p{Nd}_]+$/u.test(name)) return all
    const group = /^\d+$/.test(name) ? Number(name) : (names.get(name) ?? -1)
    const [start = -1, end = -1] = [slots[group * 2], slots[group * 2 + 1]]
    return start < 0 || group < 0 ? '' : chars.slice(start, end).join('')
  })
}

/** Places of the leftmost match and of its groups, in pairs; −1 = not part of it. */
function search(program: Program, chars: readonly string[], from: number): readonly number[] | null {
  const width = chars.length + 1
  if (program.steps.length * width > visitsMax) throw new TemplateError('the text is too long for this regular expression')
  const visited = new Uint8Array(program.steps.length * width)
  for (let start = from; start <= chars.length; start += 1) {
    const found = matchAt(program, chars, start, visited)
    if (found !== null) return found
  }
  return null
}

type Thread = Readonly<{ step: number; at: number; slots: readonly number[] }>

function matchAt({ steps, groups }: Program, chars: readonly string[], start: number, visited: Uint8Array): readonly number[] | null {
  const width = chars.length + 1
  const stack: Thread[] = [{ step: 0, at: start, slots: [start, -1, ...Array.from({ length: groups * 2 }, () => -1)] }]
  for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
    const { step, at, slots } = thread
    const cell = step * width + at
    if (visited[cell] === 1) continue
    visited[cell] = 1
    const instruction = steps[step]
    if (instruction === undefined) continue
    if (instruction.kind === 'match') return [start, at, ...slots.slice(2)]
    // The last that is pushed is tried first.
    stack.push(...next(instruction, { step, at, slots }, chars).toReversed())
  }
  return null
}

function next(instruction: Exclude<Instruction, { kind: 'match' }>, { step, at, slots }: Thread, chars: readonly string[]): Thread[] {
  switch (instruction.kind) {
    case 'char': {
      const char = chars[at]
      return char !== undefined && instruction.test(char) ? [{ step: step + 1, at: at + 1, slots }] : []
    }
    case 'assert':
      return instruction.holds(chars[at - 1], chars[at]) ? [{ step: step + 1, at, slots }] : []
    case 'split':
      return instruction.to.map((to) => ({ step: to, at, slots }))
    case 'jump':
      return [{ step: instruction.to, at, slots }]
    case 'save':
      return [{ step: step + 1, at, slots: slots.with(instruction.slot, at) }]
    default:
      return assertNever(instruction)
  }
}
