/**
 * What must be done for receivers. Secrets are never given out, so they are not compared: they are sent with whatever else changes.
 * Receivers are never deleted by a plan: somebody may be told by them whose monitors are in no file. Pure. Read next: plan.ts.
 */
import type { Desired } from './desired.ts'
import { isObject } from './desired.ts'
import { differencesWithin, type FieldChange } from './difference.ts'
import type { Change, Plan } from './plan.ts'
import type { PresentReceiver } from './present-receivers.ts'

export function planReceivers(desired: readonly Desired[], present: readonly PresentReceiver[] | null): Plan {
  if (present === null) {
    return { changes: [], errors: desired.map(({ place }) => `${place}: this server has no receivers of its own kind yet`) }
  }
  const byName = new Map(present.map((receiver) => [receiver.name, receiver]))
  return { changes: desired.map((one) => planReceiver(one, byName.get(one.key) ?? null)), errors: [] }
}

function planReceiver({ key, place, body }: Desired, there: PresentReceiver | null): Change {
  const change = { kind: 'receiver', key, place, name: key, body } as const
  if (there === null) return { ...change, action: 'create', id: null, changes: [] }
  const changes = differencesWithin(there.body, body).filter((one) => !isSecret(one))
  return { ...change, action: changes.length > 0 ? 'update' : 'unchanged', id: key, changes }
}

/** Given by the file, and kept back by the server. */
function isSecret({ field, from }: FieldChange): boolean {
  return field.startsWith('config.') && (from === null || (isObject(from) && 'configured' in from))
}
