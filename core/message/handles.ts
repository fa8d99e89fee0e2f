/**
 * A handle starts where no word goes on, so that the address in `mail ops@example.com` is none; it may end in a mail domain of its own.
 * Punctuation at its end belongs to the sentence. No alternative overlaps another: the time is linear in the text.
 */
const handle =
  /(?<![\p{L}\p{N}_.+\-/@%])@([\p{L}\p{N}_](?:[\p{L}\p{N}_.+-]*[\p{L}\p{N}_])?(?:@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)?)/gu

/** Where a handle stands in a text, with its @. */
export type FoundHandle = Readonly<{ name: string; from: number; to: number }>

/** Every handle in a text, in order of appearance, also those that come again. */
export function findHandles(text: string): FoundHandle[] {
  return Array.from(text.matchAll(handle), ({ index, 0: whole, 1: name = '' }) => ({ name, from: index, to: index + whole.length }))
}

/** The handles in a rendered text, without their @, each once, in order of appearance: `webhook-ops`, `log`, `user@example.com`. */
export function collectHandles(text: string): string[] {
  return [...new Set(findHandles(text).map(({ name }) => name))]
}

/**
 * A value that came from elsewhere, of the same length, in which no handle begins: who is told is the author's to say. A value may go on
 * with one that the author began: `@slack-{{service.name}}`.
 */
export function withoutHandles(value: string): string {
  return value.replace(/(?<![\p{L}\p{N}_.+-])@/gu, ' ')
}
