/**
 * A handle starts where no word goes on, so that the address in `mail ops@example.com` is none; it may end in a mail domain of its own.
 * Punctuation at its end belongs to the sentence. No alternative overlaps another: the time is linear in the text.
 */
const handle =
  /(?<![\p{L}\p{N}_.+\-/@%])@([\p{L}\p{N}_](?:[\p{L}\p{N}_.+-]*[\p{L}\p{N}_])?(?:@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)?)/gu

/** The handles in a rendered text, without their @, each once, in order of appearance: `webhook-ops`, `log`, `user@example.com`. */
export function collectHandles(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(handle), ([, name = '']) => name))]
}
