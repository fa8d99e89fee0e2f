/** Whether a text reads like a pattern in which `*` stands for any text. */
export function readsLike(pattern: string, text: string): boolean {
  return matchesStars(
    pattern,
    text,
    (part) => part === '*',
    (part, item) => part === item,
  )
}

/**
 * Whether a pattern whose parts stand for one item each, or for any number of items, reads like the whole of a text.
 * Goes back to the last star only, so its time is at most the product of both lengths.
 */
export function matchesStars<Part, Item>(
  pattern: ArrayLike<Part>,
  text: ArrayLike<Item>,
  isStar: (part: Part) => boolean,
  isOne: (part: Part, item: Item) => boolean,
): boolean {
  const starAt = (place: number): boolean => {
    const part = pattern[place]
    return part !== undefined && isStar(part)
  }
  const oneAt = (place: number, item: Item | undefined): boolean => {
    const part = pattern[place]
    return part !== undefined && item !== undefined && isOne(part, item)
  }
  let at = 0
  let next = 0
  let star = -1
  let resumeAt = 0
  while (at < text.length) {
    if (starAt(next)) {
      star = next
      next += 1
      resumeAt = at
    } else if (oneAt(next, text[at])) {
      next += 1
      at += 1
    } else if (star >= 0) {
      next = star + 1
      resumeAt += 1
      at = resumeAt
    } else return false
  }
  while (starAt(next)) next += 1
  return next === pattern.length
}
