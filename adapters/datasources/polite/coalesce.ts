/** Equal questions are asked once: while one is under way, and for some seconds after. A failure is nobody else's answer. */

export type Coalescer<Answer> = Readonly<{
  /** `shared` = somebody had asked already. */
  ask: (key: string, run: () => Promise<Answer>) => Readonly<{ shared: boolean; answer: Promise<Answer> }>
}>

export type CoalesceOptions<Answer> = Readonly<{ clock: () => number; weigh: (answer: Answer) => number }>

/** A slot's monitors are evaluated within about a second; an answer that is kept longer could miss data that came late. */
const keepMs = 3_000
/** Questions that are remembered, and bytes of answers: a worker has some hundred MB for all of its sources. */
const entriesMax = 2_000
const bytesMax = 16_000_000

type Entry<Answer> = { answer: Promise<Answer>; until: number; bytes: number }

export function coalescer<Answer>({ clock, weigh }: CoalesceOptions<Answer>): Coalescer<Answer> {
  const entries = new Map<string, Entry<Answer>>()
  let bytes = 0
  const drop = (key: string, entry: Entry<Answer>): void => {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    bytes -= entry.bytes
  }
  /** Oldest first: those under way are younger than any that may go, save under a flood, where their askers keep what they wait for. */
  const makeRoom = (): void => {
    for (const [key, entry] of entries) {
      if (entry.until > clock() && entries.size <= entriesMax && bytes <= bytesMax) return
      drop(key, entry)
    }
  }
  return {
    ask: (key, run) => {
      const known = entries.get(key)
      if (known !== undefined && known.until > clock()) return { shared: true, answer: known.answer }
      if (known !== undefined) drop(key, known)
      const entry: Entry<Answer> = { answer: run(), until: Number.POSITIVE_INFINITY, bytes: 0 }
      entries.set(key, entry)
      entry.answer.then(
        (answer) => {
          if (entries.get(key) !== entry) return
          entry.until = clock() + keepMs
          entry.bytes = weigh(answer)
          bytes += entry.bytes
          makeRoom()
        },
        () => drop(key, entry),
      )
      makeRoom()
      return { shared: false, answer: entry.answer }
    },
  }
}
