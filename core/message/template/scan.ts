/**
 * A template's text cut into what is written and what stands between braces, as Handlebars cuts it.
 * Never looks into a tag: tag.ts does. Its time is linear in the text. Read next: whitespace.ts, parse.ts.
 */
import { TemplateFailure } from './failure.ts'

export type Token = TextToken | TagToken

export type TextToken = Readonly<{ kind: 'text'; text: string }>

export type TagToken = Readonly<{
  kind: 'tag'
  /** What it does: opens a block or a negated one, closes one, is a comment, or gives a value. */
  sign: '#' | '^' | '/' | '!' | ''
  /** Between the braces, without sign and tildes. */
  body: string
  offset: number
  bodyOffset: number
  source: string
  /** `{{~`, `~}}`: takes away the blanks on that side. */
  trimsLeft: boolean
  trimsRight: boolean
}>

/** One name or call between braces; comments may be longer. */
const betweenBracesMax = 1_000
/** More names and blocks than anybody writes; a compiled template takes memory for each. */
const tagsMax = 1_000

/** Throws a TemplateFailure where braces, quotes or comments don't end. */
export function scan(text: string): Token[] {
  const tokens: Token[] = []
  const push = (written: string): void => {
    if (written !== '') tokens.push({ kind: 'text', text: written })
  }
  let tags = 0
  let from = 0
  for (let open = text.indexOf('{{'); open !== -1; ) {
    if (text[open - 1] === '\\' && text[open - 2] !== '\\' && open - 1 >= from) {
      // `\{{` is written as it stands, up to the next braces.
      push(text.slice(from, open - 1))
      const next = text.indexOf('{{', open + 2)
      const end = next === -1 ? text.length : next - backslashesBefore(text, next, open + 2)
      push(text.slice(open, end))
      from = end
      open = next
      continue
    }
    const escapedSlash = text[open - 1] === '\\' && text[open - 2] === '\\' && open - 2 >= from
    push(text.slice(from, escapedSlash ? open - 1 : open))
    const tag = scanTag(text, open)
    tags += 1
    if (tags > tagsMax) throw new TemplateFailure(`it has more than ${tagsMax} names and blocks`, open)
    tokens.push(tag)
    from = open + tag.source.length
    open = text.indexOf('{{', from)
  }
  push(text.slice(from))
  return tokens
}

function backslashesBefore(text: string, at: number, notBefore: number): number {
  if (at - 1 < notBefore || text[at - 1] !== '\\') return 0
  return at - 2 >= notBefore && text[at - 2] === '\\' ? 2 : 1
}

function scanTag(text: string, open: number): TagToken {
  if (text.startsWith('{{{{', open)) throw new TemplateFailure('four braces have no meaning', open)
  const triple = text[open + 2] === '{'
  let at = open + (triple ? 3 : 2)
  const trimsLeft = !triple && text[at] === '~'
  if (trimsLeft) at += 1
  if (!triple && text[at] === '!') return scanComment(text, open, at, trimsLeft)
  const [sign, bodyOffset] = readSign(text, at, open, triple)
  const closing = triple ? '}}}' : '}}'
  const end = findClosing(text, bodyOffset, open, closing)
  const trimsRight = !triple && text[end - 1] === '~' && end > bodyOffset
  return {
    kind: 'tag',
    sign,
    body: text.slice(bodyOffset, trimsRight ? end - 1 : end),
    offset: open,
    bodyOffset,
    source: text.slice(open, end + closing.length),
    trimsLeft,
    trimsRight,
  }
}

function readSign(text: string, at: number, open: number, triple: boolean): [TagToken['sign'], number] {
  const sign = text[at]
  if (triple) return ['', at]
  if (sign === '#' && (text[at + 1] === '>' || text[at + 1] === '*'))
    throw new TemplateFailure('partials and decorators don’t exist here', open)
  if (sign === '#' || sign === '^' || sign === '/') return [sign, at + 1]
  // Nothing is escaped by a name's braces, so `{{&name}}` is `{{name}}`.
  if (sign === '&') return ['', at + 1]
  if (sign === '>' || sign === '*') throw new TemplateFailure('partials and decorators don’t exist here', open)
  return ['', at]
}

function scanComment(text: string, open: number, bang: number, trimsLeft: boolean): TagToken {
  const dashed = text.startsWith('!--', bang)
  const close = dashed ? closeOfDashed(text, bang + 3) : text.indexOf('}}', bang)
  if (close === -1) throw new TemplateFailure(`a comment begins that never ends: ${dashed ? '--}}' : '}}'} is missing`, open)
  const source = text.slice(open, close + 2)
  return { kind: 'tag', sign: '!', body: '', offset: open, bodyOffset: bang, source, trimsLeft, trimsRight: text[close - 1] === '~' }
}

/** Where the braces stand that end a comment with dashes; -1 = nowhere. */
function closeOfDashed(text: string, from: number): number {
  const ending = /--~?\}\}/g
  ending.lastIndex = from
  const found = ending.exec(text)
  return found === null ? -1 : found.index + found[0].length - 2
}

/** What a tag consists of, as far as its end is concerned: braces in quotes and brackets don't end it. */
const piece = /"(?:\\"|[^"])*"|'(?:\\'|[^'])*'|\[[^\]]*\]|\}\}\}|\}\}|\{\{|["'[]|[^"'[{}]+|[{}]/y

function findClosing(text: string, from: number, open: number, closing: '}}' | '}}}'): number {
  const bounded = text.slice(0, from + betweenBracesMax + closing.length)
  piece.lastIndex = from
  for (let found = piece.exec(bounded); found !== null; found = piece.exec(bounded)) {
    if (found[0].startsWith(closing)) return found.index
    if (found[0] === '{{') throw new TemplateFailure(`expected ${closing}, but other braces open`, found.index)
    // A quote alone: what it begins ends beyond the bound, or never.
    if (found[0].length === 1 && /["'[]/.test(found[0]) && bounded.length === text.length) {
      throw new TemplateFailure(`${found[0] === '[' ? ']' : found[0]} is missing to end what begins here`, found.index)
    }
  }
  if (bounded.length < text.length) {
    throw new TemplateFailure(`more than ${betweenBracesMax} characters stand between {{ and ${closing}`, open)
  }
  throw new TemplateFailure(`${closing} is missing to end what begins here`, open)
}
