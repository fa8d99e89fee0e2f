/** Sources and receivers that don't do what they should. Read next: ../scripted-source.ts, ../receivers.ts. */
import type { ReceiverMode } from '../receivers.ts'
import { receiverName, receiversCount } from '../script.ts'
import type { SourceMode } from '../scripted-source.ts'
import type { FaultKind } from './fault.ts'
import type { FaultName } from './names.ts'

const durationMs = { min: 2_000, max: 15_000 }

const source = (name: FaultName, mode: SourceMode): FaultKind => ({
  name,
  targets: () => ['shaky'],
  durationMs,
  begin: async ({ shaky }) => {
    shaky.set(mode)
    return async () => shaky.set('answers')
  },
})

const receiver = (name: FaultName, mode: ReceiverMode): FaultKind => ({
  name,
  targets: () => Array.from({ length: receiversCount }, (_, index) => receiverName(index)),
  durationMs,
  begin: async ({ receivers }, target) => {
    const index = Number(target.slice(target.lastIndexOf('-') + 1))
    receivers.set(index, mode)
    return async () => receivers.set(index, 'takes')
  },
})

export const peerFaults: readonly FaultKind[] = [
  source('source-500', '500'),
  source('source-hang', 'hang'),
  source('source-garbage', 'garbage'),
  source('source-half', 'half'),
  receiver('receiver-down', 'down'),
  receiver('receiver-hang', 'hang'),
  receiver('receiver-429', '429'),
]
