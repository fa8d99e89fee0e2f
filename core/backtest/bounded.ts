/** A list that takes what fits and counts the rest. */
export type Bounded<Item> = Readonly<{
  items: readonly Item[]
  add: (item: Item) => void
  leftOut: () => number
}>

/** `bytesMax` of JSON. The first that doesn't fit closes the list, so that what is shown has no gaps. */
export function boundedList<Item>(countMax: number, bytesMax: number): Bounded<Item> {
  const items: Item[] = []
  let bytes = 0
  let leftOut = 0
  return {
    items,
    add: (item) => {
      if (leftOut === 0 && items.length < countMax) {
        bytes += jsonBytes(item)
        if (bytes <= bytesMax) {
          items.push(item)
          return
        }
      }
      leftOut += 1
    },
    leftOut: () => leftOut,
  }
}

const isAscii = /^[\x20-\x7e]*$/

/** Exact for ASCII; a UTF-16 unit of anything else takes three bytes at the most. */
export function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value)
  return isAscii.test(text) ? text.length : text.length * 3
}
