/** What is to be done for one thing of a file, or what is wrong with it. Pure. Read next: plan.ts. */
import type { Change, Plan } from './plan.ts'

export type Planned = Change | Readonly<{ errors: readonly string[] }>

/** In the same order. */
export function planFrom(planned: readonly Planned[]): Plan {
  return {
    changes: planned.flatMap((one) => ('errors' in one ? [] : [one])),
    errors: planned.flatMap((one) => ('errors' in one ? one.errors : [])),
  }
}
