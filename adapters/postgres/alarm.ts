export type Alarm = Readonly<{
  /** Resolves after `ms`, or when it is rung. One waits at a time. */
  wait: (ms: number) => Promise<void>
  /** Wakes who waits; does nothing where nobody does. */
  ring: () => void
}>

/** A pause that can be cut short. */
export function alarm(): Alarm {
  let wake = (): void => {}
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    ring: () => wake(),
  }
}
