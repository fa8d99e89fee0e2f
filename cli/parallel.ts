/** Several requests under way at once, as many as the server has room for. */

/** Runs `what` for each, `width` at a time. */
export async function inParallel<Item>(items: readonly Item[], width: number, what: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await what(item)
  }
  await Promise.all(Array.from({ length: width }, work))
}
