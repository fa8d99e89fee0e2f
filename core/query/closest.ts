/** The name that was probably meant, where one is near enough; null otherwise. */
export function closest(name: string, names: readonly string[]): string | null {
  const changesMax = name.length < 5 ? 1 : 2
  // Comparing takes as long as both are, and no name is this long.
  if (name.length > 40) return null
  const near = names.map((candidate) => ({ candidate, changes: changesBetween(name, candidate) }))
  const [best] = near.filter(({ changes }) => changes <= changesMax).sort((left, right) => left.changes - right.changes)
  return best?.candidate ?? null
}

/** Letters put in, left out or exchanged (Levenshtein's distance), row by row. */
function changesBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...left].entries()) {
    const next = [line + 1]
    for (const [column, other] of [...right].entries()) {
      const exchanged = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(exchanged, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
