import type { Token } from 'markdown-it'
import { plainRun, type Run } from './markdown-blocks.ts'
import { linked, safeAddress } from './markdown-links.ts'

export type Reading = Readonly<{
  /** The receiver's own mentions, where an author wrote one; with the flag g. Absent = it has none. */
  mentions?: RegExp
  /** What an @ of a value becomes, where the receiver takes every @name for a mention. */
  valueAt?: string
}>

/** Stands for an escaped backtick while a text is read: a sign for private use, taken out of texts that have it. */
export const backtickMark = '\ue000'

/** The text of one paragraph. Neighbours of one look are one. */
export function runsOf(tokens: readonly Token[], reading: Reading): readonly Run[] {
  const runs: Run[] = []
  let look: Run = plainRun
  let autolink = false
  for (const [index, token] of tokens.entries()) {
    const opens = token.nesting === 1
    switch (token.type) {
      case 'text':
        runs.push(...written(autolink ? unescapedCode(token.content) : token.content, look, reading))
        break
      case 'text_special':
        runs.push({ ...look, text: token.content === '@' && token.info === 'escape' ? (reading.valueAt ?? '@') : token.content })
        break
      case 'softbreak':
      case 'hardbreak':
        runs.push({ ...look, text: '\n' })
        break
      case 'code_inline':
        runs.push({ ...look, text: unescapedCode(token.content), code: true })
        break
      case 'image':
        runs.push({ ...look, text: token.content || 'image', href: safeAddress(attribute(token, 'src')) })
        break
      case 'strong_open':
      case 'strong_close':
        look = { ...look, bold: opens }
        break
      case 'em_open':
      case 'em_close':
        look = { ...look, italic: opens }
        break
      case 's_open':
      case 's_close':
        look = { ...look, strike: opens }
        break
      case 'link_open':
        autolink = token.info === 'auto'
        look = { ...look, href: safeAddress(addressOf(token, tokens[index + 1])) }
        break
      case 'link_close':
        autolink = false
        look = { ...look, href: null }
        break
    }
  }
  return joined(runs.map((run) => ({ ...run, text: withoutMarks(run.text) }))).flatMap(linked)
}

/** Escapes mean nothing in code, so those of values stand there as they are: without them it is what it was. */
export function unescapedCode(text: string): string {
  return withoutMarks(text).replace(/\\([\\`*_{}[\]()<>#+\-.!|~@&])/g, '$1')
}

/** Nor do they in <https://…>. */
function addressOf(open: Token, text: Token | undefined): string | null {
  return open.info === 'auto' && text !== undefined ? unescapedCode(text.content) : attribute(open, 'href')
}

function withoutMarks(text: string): string {
  return text.replaceAll(backtickMark, '`')
}

function attribute(token: Token, name: string): string | null {
  const value = token.attrGet(name)
  return value === null ? null : String(value).replaceAll(encodeURIComponent(backtickMark), '%60')
}

function written(text: string, look: Run, { mentions }: Reading): Run[] {
  if (mentions === undefined || look.href !== null) return [{ ...look, text }]
  const runs: Run[] = []
  let from = 0
  for (const { 0: mention, index } of text.matchAll(mentions)) {
    runs.push({ ...look, text: text.slice(from, index) }, { ...look, text: mention, mention: true })
    from = index + mention.length
  }
  return [...runs, { ...look, text: text.slice(from) }]
}

function joined(runs: readonly Run[]): readonly Run[] {
  const all: Run[] = []
  for (const run of runs) {
    const last = all.at(-1)
    if (run.text === '') continue
    if (last === undefined || run.mention || last.mention || !sameLook(last, run)) all.push(run)
    else all[all.length - 1] = { ...last, text: `${last.text}${run.text}` }
  }
  return all
}

function sameLook(a: Run, b: Run): boolean {
  return a.bold === b.bold && a.italic === b.italic && a.strike === b.strike && a.code === b.code && a.href === b.href
}
