/** Where a body stops being JSON. V8 names the place in some of its messages only; the others are searched for. */

/** Longer bodies aren't searched: each step of the search parses again. */
const searchedCharsMax = 65_536

/** `message` is what JSON.parse said about `text`. */
export function badJsonSentence(message: string, text: string): string {
  const position = positionIn(message, text.length) ?? (text.length <= searchedCharsMax ? searchPosition(text) : null)
  if (position === null) return 'body is not valid JSON'
  if (position >= text.length) return `body is not valid JSON: it ends too early, at position ${text.length}`
  const before = text.slice(0, position)
  const line = before.split('\n').length
  return `body is not valid JSON: unexpected character at position ${position} (line ${line}, column ${position - before.lastIndexOf('\n')})`
}

function positionIn(message: string, length: number): number | null {
  if (message.startsWith('Unexpected end')) return length
  const digits = /at position (\d+)/.exec(message)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** The shortest beginning that is wrong for another reason than being cut. */
function searchPosition(text: string): number {
  let whole = 0
  let wrong = text.length
  while (whole + 1 < wrong) {
    const middle = (whole + wrong) >> 1
    if (isOnlyCut(text.slice(0, middle))) whole = middle
    else wrong = middle
  }
  return wrong - 1
}

function isOnlyCut(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return true
  } catch (error) {
    const position = error instanceof Error ? positionIn(error.message, beginning.length) : null
    return position !== null && position >= beginning.length
  }
}
