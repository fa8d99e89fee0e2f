/** One thing that must hold, and where it doesn't. */
export type Verdict = Readonly<{
  invariant: string
  /** How many things were looked at, and what they are: `1204 transitions`. */
  looked: string
  violations: readonly string[]
}>
