import { newDigest, type QueueDecision } from '../core/delivery/queue.ts'
import { compose, linkTo } from './compose.ts'
import { withDetails } from './details.ts'
import type { StoredMessage } from './lane-ports.ts'
import { digestIdOf } from './outgoing.ts'
import type { SendPorts, Target } from './send.ts'

/** One message, of one delivery or, as a digest, of several. */
export type Sending = Readonly<{ messages: readonly StoredMessage[]; digest: string | null }>

/** Writes down which deliveries became one, and reads what is to be sent now; what is finished by now isn't among it. */
export async function take(ports: SendPorts, target: Target, { folds, sends }: QueueDecision): Promise<Sending[]> {
  if (sends.length === 0) return []
  for (const { into, from } of folds) await fold(ports, target, into, from)
  const ids = sends.flatMap((one) => (one.digest === null ? one.ids : []))
  const singles = ids.length === 0 ? [] : await ports.lanes.messages({ ids })
  const digests: Sending[] = []
  for (const one of sends) if (one.digest !== null) digests.push(await digestOf(ports, target, one.ids, one.digest))
  return [...digests, ...singles.map((message) => ({ messages: [message], digest: null }))].filter(({ messages }) => messages.length > 0)
}

async function digestOf({ lanes }: SendPorts, { receiver }: Target, ids: readonly number[], digest: string): Promise<Sending> {
  const id = digest === newDigest ? digestIdOf(ids[0] ?? 0, receiver.name) : digest
  if (digest === newDigest) await lanes.makeDigest(ids, id)
  return { digest: id, messages: await lanes.messages({ receiver: receiver.name, digest: id }) }
}

async function fold(ports: SendPorts, { notifier }: Target, into: number, from: readonly number[]): Promise<void> {
  const stored = await ports.lanes.messages({ ids: [into, ...from] })
  const own = stored.find(({ id }) => id === into)
  const [first, ...others] = stored.flatMap(({ transitions }) => transitions).sort((a, b) => a.sequence - b.sequence)
  if (own === undefined || first === undefined) return
  const form = own.form === 'storm' ? 'storm' : 'merged'
  const transitions = [first, ...others] as const
  const link = linkTo(ports, own.monitorId)
  const { title, body } = compose((await withDetails(ports, own.subject, transitions)).renderer, {
    form,
    subject: own.subject,
    transitions,
    markup: notifier.markup ?? 'none',
    link,
  })
  await ports.lanes.fold(into, from, { form, title, body, transitionSequences: transitions.map(({ sequence }) => sequence) })
}
