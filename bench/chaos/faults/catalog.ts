/** All kinds of faults. Read next: names.ts, fault.ts. */
import { deploy } from './deploy.ts'
import { diskFull } from './disk.ts'
import type { FaultKind } from './fault.ts'
import { networkFaults } from './network.ts'
import { peerFaults } from './peers.ts'
import { edits, workflowReset } from './people.ts'
import { clock, killApi, killPostgres, killTemporal, killWorker, reshard, stopWorker } from './process.ts'

export const catalog: readonly FaultKind[] = [
  ...[killWorker, stopWorker, killApi, killPostgres, killTemporal, reshard, clock],
  ...networkFaults,
  ...peerFaults,
  ...[edits, workflowReset, diskFull, deploy],
]
