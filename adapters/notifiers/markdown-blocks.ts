/**
 * A message as pieces of text with looks, for receivers that have a markup of their own.
 * Never knows a receiver's markup: each writes a block by itself, whole, so that no cut falls into an escape or a tag.
 * Read next: markdown.ts, which makes them; markdown-pages.ts, which bounds them.
 */

export type Run = Readonly<{
  text: string
  bold: boolean
  italic: boolean
  strike: boolean
  code: boolean
  /** Where it leads, http, https or mailto; null = nowhere. */
  href: string | null
  /** It stands as the receiver's own mention, and its author wrote it so. */
  mention: boolean
}>

export type Block = Readonly<{
  runs: readonly Run[]
  heading: boolean
  quote: boolean
  /** Lines as they are. */
  code: boolean
  /** How many lists it is in, less one. */
  indent: number
  /** Before the first line of a list's item: a bullet or a number. */
  marker: string
  /** No blank line between it and the one before. */
  tight: boolean
}>

/** More are a mistake; what carries them is bounded, too. */
const mentionsMax = 20

export const plainRun: Run = { text: '', bold: false, italic: false, strike: false, code: false, href: null, mention: false }
export const plainBlock: Block = { runs: [], heading: false, quote: false, code: false, indent: 0, marker: '', tight: false }

/** Whom its author mentions, once each, in the receiver's own form. */
export function mentionsOf(blocks: readonly Block[]): readonly string[] {
  return [...new Set(blocks.flatMap(({ runs }) => runs.filter(({ mention }) => mention).map(({ text }) => text)))].slice(0, mentionsMax)
}

/** Its first characters. */
export function headOf(block: Block, characters: number): Block {
  const runs: Run[] = []
  let left = characters
  for (const run of block.runs) {
    if (left <= 0) break
    if (run.text.length <= left) runs.push(run)
    // Half a mention is none.
    else if (!run.mention) runs.push({ ...run, text: wholeCharacters(run.text, left) })
    left -= run.text.length
  }
  return { ...block, runs }
}

/** What `headOf` as many characters left out. */
export function tailOf(block: Block, characters: number): Block {
  const runs: Run[] = []
  let left = characters
  for (const run of block.runs) {
    if (left <= 0) runs.push(run)
    else if (run.text.length > left) runs.push(run.mention ? run : { ...run, text: run.text.slice(wholeCharacters(run.text, left).length) })
    left -= run.text.length
  }
  return { ...block, runs, marker: '', tight: true }
}

/** The longest beginning of a text whose escaped form has room; with an ellipsis where it isn't all. */
export function boundEscaped(text: string, escapeText: (text: string) => string, charactersMax: number): string {
  // No text is shorter when it is escaped, so what is beyond needn't be looked at.
  const start = text.slice(0, charactersMax + 1)
  const all = escapeText(start)
  if (start.length === text.length && all.length <= charactersMax) return all
  const cut = (count: number): string => escapeText(`${wholeCharacters(start, count)}…`)
  return cut(largest(charactersMax, (count) => cut(count).length <= charactersMax))
}

/** The largest count up to `max` for which it holds, if it holds for all smaller ones. */
export function largest(max: number, holds: (count: number) => boolean): number {
  let low = 0
  let high = Math.max(0, max)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/** No half of a character at its end. */
function wholeCharacters(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')
}
