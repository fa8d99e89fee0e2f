/**
 * What files say there shall be. Read next: files.ts, which reads them; plan.ts, which compares them with what is there.
 */

export type Body = Readonly<Record<string, unknown>>

/** `place` = file, and which of several in it; for messages. */
export type Desired = Readonly<{ key: string; place: string; body: Body }>

/** Monitors as `POST /api/v1/monitor` takes them, downtimes as attributes of version 2, receivers and notification rules by name. */
export type DesiredState = Readonly<{
  monitors: readonly Desired[]
  downtimes: readonly Desired[]
  receivers: readonly Desired[]
  rules: readonly Desired[]
  /** What can't be read: `place: what`. */
  errors: readonly string[]
}>

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
