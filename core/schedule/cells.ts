/**
 * Which cell a new monitor is given to, and a new lane: by rendezvous, so that cells that come later draw only from what is new, and each
 * gets its share. Where something lives is recorded; this is asked once. Read next: temporal.config.ts.
 */
import { mix32, numberOfName } from '../hash.ts'

/** The only cell where none is configured; what was there before there were cells is in it. */
export const firstCell = 'default'

/** `names`: one at least, in any order. */
export function cellOf(key: string, names: readonly string[]): string {
  const ranked = names.map((name) => ({ name, score: mix32(numberOfName(key, numberOfName(name))) }))
  const [best] = ranked.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
  return best?.name ?? firstCell
}
