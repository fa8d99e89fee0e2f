/** Where monitors and lanes live. Never import an adapter here. Read next: adapters/temporal/cells.ts, which asks. */

/** Among several cells. */
export interface Places {
  /** null = the monitor was never created. */
  cellOf(monitorId: number): Promise<string | null>
  /** One of `cells` (the first is where lanes were before there were several), and the same from now on. */
  laneCell(receiver: string, cells: readonly string[]): Promise<string>
}
