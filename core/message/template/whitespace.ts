import type { TagToken, Token } from './scan.ts'

/**
 * Takes away the line of a block's tag or a comment that stands alone on it, and the blanks next to a tilde: as Handlebars does.
 * What counts as alone is judged by the text as it was written.
 */
export function withoutOwnLines(tokens: readonly Token[]): Token[] {
  return tokens.map((token, index) => {
    if (token.kind === 'tag') return token
    return { kind: 'text', text: cutRight(cutLeft(token.text, tokens, index - 1), tokens, index + 1) }
  })
}

function cutLeft(text: string, tokens: readonly Token[], before: number): string {
  const tag = tokens[before]
  if (tag?.kind !== 'tag') return text
  if (tag.trimsRight) return text.trimStart()
  return standsAlone(tokens, before) ? text.replace(/^[ \t]*\r?\n?/, '') : text
}

function cutRight(text: string, tokens: readonly Token[], after: number): string {
  const tag = tokens[after]
  if (tag?.kind !== 'tag') return text
  if (tag.trimsLeft) return text.trimEnd()
  return standsAlone(tokens, after) ? withoutBlanksAtEnd(text) : text
}

function standsAlone(tokens: readonly Token[], index: number): boolean {
  const tag = tokens[index]
  return tag?.kind === 'tag' && mayStandAlone(tag) && beginsLine(tokens, index) && endsLine(tokens, index)
}

function mayStandAlone({ sign, body }: TagToken): boolean {
  return sign !== '' || /^\s*else(\s|$)/.test(body)
}

function beginsLine(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  if (before === undefined) return true
  if (before.kind === 'tag') return false
  const blank = blankEnd(before.text)
  return blank.includes('\n') || (index === 1 && blank === before.text)
}

function endsLine(tokens: readonly Token[], index: number): boolean {
  const after = tokens[index + 1]
  if (after === undefined) return true
  if (after.kind === 'tag') return false
  const blank = after.text.slice(0, after.text.length - after.text.trimStart().length)
  return blank.includes('\n') || (index + 2 === tokens.length && blank === after.text)
}

function blankEnd(text: string): string {
  return text.slice(text.trimEnd().length)
}

/** Not by a pattern: one that looks for blanks before an end takes the square of their number. */
function withoutBlanksAtEnd(text: string): string {
  let end = text.length
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1
  return text.slice(0, end)
}
