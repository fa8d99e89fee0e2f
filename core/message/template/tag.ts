import { TemplateFailure } from './failure.ts'
import type { Argument } from './nodes.ts'

/** A name and its arguments, with the place of the name as an offset. */
export type ReadCall = Readonly<{ name: string; arguments: readonly Argument[]; offset: number }>

/** `[any.key]`, or what Handlebars lets a name consist of. */
const segment = /\[[^\]]*\]|[^\s!"#%&'()*+,./;<=>@[\\\]^`{|}~]+/y
const blanks = /\s*/y
const number = /-?\d+(?:\.\d+)?(?=[\s]|$)/y
const quoted = /"((?:\\"|[^"])*)"|'((?:\\'|[^'])*)'/y

/** Reads the inside of a tag. Throws a TemplateFailure that says what was expected and where. */
export function readCall(body: string, bodyOffset: number): ReadCall {
  let at = match(blanks, body, 0).length
  const offset = bodyOffset + at
  const [name, end] = readPath(body, at, bodyOffset)
  const list: Argument[] = []
  at = end
  for (;;) {
    const blank = match(blanks, body, at).length
    at += blank
    if (at >= body.length) return { name, arguments: list, offset }
    if (blank === 0) throw new TemplateFailure(`${describe(body, at)} can’t stand here`, bodyOffset + at)
    const [argument, next] = readArgument(body, at, bodyOffset)
    list.push(argument)
    at = next
  }
}

function readArgument(body: string, at: number, bodyOffset: number): [Argument, number] {
  const text = match(quoted, body, at)
  if (text !== '') {
    const quote = text[0] ?? ''
    return [{ kind: 'text', text: text.slice(1, -1).replaceAll(`\\${quote}`, quote) }, at + text.length]
  }
  const digits = match(number, body, at)
  if (digits !== '') return [{ kind: 'number', number: Number(digits) }, at + digits.length]
  const [name, end] = readPath(body, at, bodyOffset)
  if (body[end] === '=') throw new TemplateFailure(`${JSON.stringify(name)} can’t be given by name`, bodyOffset + at)
  return [{ kind: 'path', text: name }, end]
}

/** Parts are joined by dots: `[kube.pod].name` is `kube.pod.name`. */
function readPath(body: string, start: number, bodyOffset: number): [string, number] {
  let at = start
  let name = ''
  if (body[at] === '@') {
    name = '@'
    at += 1
  }
  for (;;) {
    const part = match(segment, body, at)
    if (part === '')
      throw new TemplateFailure(`expected a name, but ${describe(body, at)}${at < body.length ? ' stands there' : ''}`, bodyOffset + at)
    at += part.length
    name += part.startsWith('[') ? part.slice(1, -1) : part
    if (body[at] !== '.' && body[at] !== '/') break
    name += '.'
    at += 1
  }
  return [name.replace(/^this\./, ''), at]
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

function describe(body: string, at: number): string {
  const codePoint = body.codePointAt(at)
  return codePoint === undefined ? 'it ends' : JSON.stringify(String.fromCodePoint(codePoint))
}
