/**
 * The text of a message → nodes, or what is wrong with it and where. The language is Handlebars' own, without what repeats, defines
 * or nests calls: so what comes out is bounded by the text and the values. Never throws; its time is linear in the text.
 * Read next: scan.ts, tag.ts, tree.ts, evaluate.ts.
 */
import { assertNever } from '../../assert.ts'
import { TemplateFailure } from './failure.ts'
import type { Call, ParsedTemplate, Place, TemplateNode } from './nodes.ts'
import { scan, type TagToken } from './scan.ts'
import { readCall } from './tag.ts'
import { growTree, type Tree } from './tree.ts'
import { withoutOwnLines } from './whitespace.ts'

/** As much as a definition's message may have; anything longer didn't come through the API. */
const charactersMax = 100_000

export function parseTemplate(text: string): ParsedTemplate {
  try {
    if (text.length > charactersMax) throw new TemplateFailure(`it is longer than ${charactersMax} characters`, charactersMax)
    return { ok: true, nodes: build(text) }
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error
    return { ok: false, error: { message: error.message, place: placeIn(text)(error.offset) } }
  }
}

function build(text: string): readonly TemplateNode[] {
  const tree = growTree()
  const place = placeIn(text)
  const callOf = (body: string, bodyOffset: number): Call => {
    const { offset, ...call } = readCall(body, bodyOffset)
    return { ...call, place: place(offset) }
  }
  for (const token of withoutOwnLines(scan(text))) {
    if (token.kind === 'text') tree.add(token)
    else addTag(tree, token, callOf)
  }
  return tree.finish()
}

function addTag(tree: Tree, token: TagToken, callOf: (body: string, bodyOffset: number) => Call): void {
  const { sign, body, bodyOffset, offset, source } = token
  const otherwise = elseOf(token)
  if (otherwise !== null) {
    tree.otherwise(offset)
    if (otherwise !== '') tree.open(callOf(otherwise, bodyOffset + body.indexOf(otherwise)), { offset, negated: false, chained: true })
    return
  }
  switch (sign) {
    case '!':
      return
    case '#':
    case '^':
      tree.open(callOf(body, bodyOffset), { offset, negated: sign === '^', chained: false })
      return
    case '/':
      tree.close(readCall(body, bodyOffset).name, offset)
      return
    case '':
      tree.add({ kind: 'value', call: callOf(body, bodyOffset), source })
      return
    default:
      assertNever(sign)
  }
}

/** What follows the else of a tag, '' for nothing; null = it is no else. */
function elseOf({ sign, body }: TagToken): string | null {
  if (sign === '^' && body.trim() === '') return ''
  if (sign !== '') return null
  const [, rest] = /^\s*else(\s.*)?$/s.exec(body) ?? []
  return /^\s*else(\s|$)/.test(body) ? (rest ?? '').trim() : null
}

/** Lines are counted once, not for each place. */
function placeIn(text: string): (offset: number) => Place {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 }
  }
}
