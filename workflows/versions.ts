/**
 * Every id of `patched()` in this folder: why the commands changed there, and how long the old way must stay.
 * Never imported by a workflow: it is the register that a test holds the code against.
 * Read next: CONTRIBUTING.md, "Change a workflow".
 */

export type Patch = Readonly<{
  /** As in `patched('…')`. Never used again for something else. */
  id: string
  /** What the workflow does otherwise now, and for what reason. */
  why: string
  /** The release that brought it, as in CHANGELOG.md. */
  since: string
  /** The release from which no run without it can exist any more, so that the old way may go; null = not known yet. */
  until: string | null
}>

/** In the order in which they came. */
export const patches: readonly Patch[] = []
