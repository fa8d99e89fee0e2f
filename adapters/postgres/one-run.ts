export type OneRun = Readonly<{
  /** Runs, unless it does already. */
  start: () => void
  /** Resolves when nothing runs. */
  ended: () => Promise<void>
}>

/** One run at a time of what works off something that waits. What comes in the moment in which a run ends starts another. */
export function oneRun(run: () => Promise<void>, isMoreWaiting: () => boolean): OneRun {
  let running: Promise<void> | null = null
  function start(): void {
    running ??= run().finally(() => {
      running = null
      if (isMoreWaiting()) start()
    })
  }
  return {
    start,
    async ended() {
      while (running !== null) await running
    },
  }
}
