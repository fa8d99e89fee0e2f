import { randomUUID } from 'node:crypto'
import type { Notifier, Receiver } from '../../activities/notification-ports.ts'
import { testMessage } from '../../core/delivery/test-message.ts'
import { boundText } from '../../core/message/format.ts'
import { redacted } from './receipt.ts'

/** What a receiver answered, for people to read. */
const detailCharactersMax = 500

/** Whether a receiver takes messages, by sending it one from this process. `secrets`: texts that must not stand in the answer. Never rejects. */
export async function tryReceiver(
  notifiers: readonly Notifier[],
  receiver: Receiver,
  { at, secrets }: Readonly<{ at: number; secrets: readonly string[] }>,
): Promise<Readonly<{ ok: boolean; detail: string; duration_ms: number }>> {
  const startedAt = performance.now()
  const notifier = notifiers.find(({ kind }) => kind === receiver.kind)
  const receipt =
    notifier === undefined
      ? { kind: 'refused' as const, reason: `this version knows no receivers of the kind ${receiver.kind}` }
      : await notifier.deliver(testMessage(receiver.name, { id: `msg_test_${randomUUID()}`, at }), receiver)
  const detail = receipt.kind === 'delivered' ? receipt.detail : receipt.reason
  return {
    ok: receipt.kind === 'delivered',
    detail: boundText(redacted(detail, secrets), detailCharactersMax),
    duration_ms: Math.round(performance.now() - startedAt),
  }
}
