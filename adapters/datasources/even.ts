/** Times that lie evenly, oldest first: what a range query can ask for at once. */
export type Even = Readonly<{ fromMs: number; toMs: number; stepMs: number; length: number }>

/** null = they don't, or there are fewer than two. */
export function evenly(times: readonly number[]): Even | null {
  const [first, second] = times
  const last = times.at(-1)
  if (first === undefined || second === undefined || last === undefined) return null
  const stepMs = second - first
  const isEven = stepMs > 0 && times.every((time, index) => time === first + index * stepMs)
  return isEven ? { fromMs: first, toMs: last, stepMs, length: times.length } : null
}
