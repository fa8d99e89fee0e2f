/** How many more may be counted now, where `max` are in any `perMs` and `times` (epoch ms, any order) were. */
export function leftIn(times: readonly number[], max: number, perMs: number, nowMs: number): number {
  return Math.max(0, max - times.filter((time) => time > nowMs - perMs).length)
}

/** When the next may be: `nowMs` itself while there is room. */
export function freeAtMs(times: readonly number[], max: number, perMs: number, nowMs: number): number {
  const within = times.filter((time) => time > nowMs - perMs).sort((a, b) => a - b)
  const leaving = within[within.length - max]
  return leaving === undefined ? nowMs : leaving + perMs
}
