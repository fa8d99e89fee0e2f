/** Temporal takes 2,048 bytes of a search attribute, a whole list counted as JSON; a little is left for its own framing. */
export const indexedTagsMaxBytes = 2_000

/** The tags that fit the search attribute MonitorTags, in their order, and how many didn't. Only searching in Temporal loses by it. */
export function indexedTags(tags: readonly string[]): Readonly<{ tags: readonly string[]; left: number }> {
  const kept: string[] = []
  // The two brackets of the list.
  let bytes = 2
  for (const tag of tags) {
    // A comma or a bracket's neighbour, which costs at most one byte more than is needed.
    bytes += utf8Bytes(JSON.stringify(tag)) + 1
    if (bytes > indexedTagsMaxBytes) break
    kept.push(tag)
  }
  return { tags: kept, left: tags.length - kept.length }
}

/** Bytes of a text in UTF-8, without an encoder, which core has none of. */
function utf8Bytes(text: string): number {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4
  }
  return bytes
}
