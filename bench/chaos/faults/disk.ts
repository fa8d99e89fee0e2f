/** Not one byte is left for PostgreSQL. Read next: ../disk.ts. */
import type { FaultKind } from './fault.ts'

export const diskFull: FaultKind = {
  name: 'disk-full',
  // It is PostgreSQL that has no room; one that is killed meanwhile couldn't come up again.
  targets: ({ disk }) => (disk === null ? [] : ['postgres']),
  durationMs: { min: 2_000, max: 8_000 },
  begin: async (stage) => {
    stage.disk?.fill()
    return async () => {
      stage.disk?.free()
      await stage.untilUp('postgres')
    }
  },
}
