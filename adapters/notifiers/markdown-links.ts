import type { Run } from './markdown-blocks.ts'

/** Longer ones are refused by some, and followed by nobody. */
const hrefCharactersMax = 2_000
const linkable = new Set(['http:', 'https:', 'mailto:'])

/** Addresses that stand in a text as they are lead where they say, whether a receiver finds them or not. */
export function linked(run: Run): readonly Run[] {
  if (run.code || run.mention || run.href !== null) return [run]
  const runs: Run[] = []
  let from = 0
  for (const { 0: found, index } of run.text.matchAll(/\bhttps?:\/\/[^\s<>"'`|\\^{}]+/gi)) {
    const text = withoutEnd(found)
    const href = safeAddress(text)
    if (href === null) continue
    runs.push({ ...run, text: run.text.slice(from, index) }, { ...run, text, href })
    from = index + text.length
  }
  return [...runs, { ...run, text: run.text.slice(from) }].filter(({ text }) => text !== '')
}

/** An address as it may stand in any markup; null = it leads nowhere that a message may lead. */
export function safeAddress(href: string | null): string | null {
  const url =
    href === null || href.length > hrefCharactersMax ? null : URL.parse(href.includes('@') && !href.includes(':') ? `mailto:${href}` : href)
  if (url === null || !linkable.has(url.protocol)) return null
  // What ends an address in some markup or other.
  const text = url.href.replace(/[|<>"'()\\`]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return text.length > hrefCharactersMax ? null : text
}

/** Punctuation after an address belongs to the sentence; a bracket does if the address opened none. */
function withoutEnd(address: string): string {
  const text = address.replace(/[.,;:!?*_~\]]+$/, '')
  return text.endsWith(')') && !text.includes('(') ? withoutEnd(text.slice(0, -1)) : text
}
