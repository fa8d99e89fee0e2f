/** Sending until nothing can be sent for a moment. Which messages, core/delivery/queue.ts says; how many, the gate. Read next: drain.ts. */
import { cancellationSignal } from '@temporalio/activity'
import { decide, type QueueDecision, type QueueView, type Waiting } from '../core/delivery/queue.ts'
import type { Gate } from './gate.ts'
import { type SendPorts, send, type Target } from './send.ts'
import { type Sending, take } from './take.ts'

/** What is planned meanwhile is seen this early; until then, what was seen last is sent, for a look reads up to 2,000 rows. */
const lookMs = 100
/** With nothing to do it stays for this long: the next commit of a busy time then needs no wake-up. */
const lingerMs = 500
/** Waits shorter than this are waited for here; a timer of the lane takes about as long. */
const shortWaitMs = 1_000

/** `cut`: it ended because it was to end, and there may be more to do at once. */
export type Round = Readonly<{ delivered: number; cut: boolean }>

/** Rejects where the store is away, once all that was on its way is back. */
export async function sendAll(ports: SendPorts, target: Target, gate: Gate, until: number): Promise<Round> {
  const traffic = openTraffic(ports, target, gate)
  const over = (): boolean => cancellationSignal().aborted || ports.clock() > until
  let quietSince = ports.clock()
  while (!over() && !traffic.failed()) {
    const opening = gate.opening(ports.clock(), traffic.count())
    if (opening.room > 0 && (await traffic.startMore())) quietSince = ports.clock()
    const held = opening.room === 0
    const nothingComes = held
      ? opening.untilMs === null || opening.untilMs - ports.clock() > shortWaitMs
      : ports.clock() - quietSince > lingerMs
    if (traffic.count() === 0 && nothingComes) break
    await traffic.change(lookMs)
  }
  const delivered = await traffic.end()
  return { delivered, cut: over() }
}

/** What could be sent now, with nothing on its way. */
export async function lookAt({ lanes, clock }: SendPorts, target: Target, gate: Gate): Promise<QueueDecision> {
  const { probing } = gate.opening(clock(), 0)
  const waiting = await lanes.waiting(target.receiver.name, probing)
  return decide(waiting, viewOf(target, gate, clock(), new Set(), 0))
}

function viewOf({ notifier }: Target, gate: Gate, nowMs: number, busy: ReadonlySet<number>, underWay: number): QueueView {
  const { room, budgetLeft, probing } = gate.opening(nowMs, underWay)
  return { busy, room, budgetLeft, incidents: notifier.incidents === true, probing }
}

/** A list as it was read; `probing`: it holds what isn't due, too. */
type Seen = Readonly<{ waiting: readonly Waiting[]; probing: boolean; atMs: number }>

type Traffic = Readonly<{
  count: () => number
  failed: () => boolean
  /** Whether anything was sent. */
  startMore: () => Promise<boolean>
  /** Until one is back, at most for so long. */
  change: (mostMs: number) => Promise<void>
  end: () => Promise<number>
}>

/** The messages that are on their way. */
function openTraffic(ports: SendPorts, target: Target, gate: Gate): Traffic {
  const underWay = new Set<Promise<void>>()
  const busy = new Set<number>()
  // What is back stays busy until a list is read that knows what came of it.
  const back: number[] = []
  let seen: Seen | null = null
  let delivered = 0
  let failure: Readonly<{ error: unknown }> | null = null

  const look = async (): Promise<QueueDecision> => {
    const { probing } = gate.opening(ports.clock(), underWay.size)
    const isNew = seen !== null && seen.probing === probing && ports.clock() - seen.atMs < lookMs
    const left = isNew && seen !== null ? decide(seen.waiting, viewOf(target, gate, ports.clock(), busy, underWay.size)) : null
    if (left !== null && left.sends.length > 0) return left
    for (const id of back.splice(0)) busy.delete(id)
    seen = { waiting: await ports.lanes.waiting(target.receiver.name, probing), probing, atMs: ports.clock() }
    return decide(seen.waiting, viewOf(target, gate, ports.clock(), busy, underWay.size))
  }

  const start = ({ messages, digest }: Sending): void => {
    gate.sent(ports.clock())
    const one: Promise<void> = send(ports, target, messages, digest)
      .then(async (answer) => {
        if (answer.kind === 'delivered') delivered += messages.length
        if (await gate.answered(answer, ports.clock())) await ports.lanes.hurry(target.receiver.name)
      })
      .catch((error: unknown) => {
        failure = { error }
      })
      .finally(() => {
        back.push(...messages.map(({ id }) => id))
        underWay.delete(one)
      })
    underWay.add(one)
  }

  return {
    count: () => underWay.size,
    failed: () => failure !== null,
    async startMore() {
      try {
        const decision = await look()
        const sendings = await take(ports, target, decision)
        const decided = [...decision.sends.flatMap(({ ids }) => ids), ...decision.folds.flatMap(({ from }) => from)]
        for (const id of decided) busy.add(id)
        const sent = new Set(sendings.flatMap(({ messages }) => messages.map(({ id }) => id)))
        // Folded, or not there any more: the next list says.
        back.push(...decided.filter((id) => !sent.has(id)))
        for (const sending of sendings) start(sending)
        return sendings.length > 0
      } catch (error) {
        failure = { error }
        return false
      }
    },
    change: async (mostMs) => Promise.race([...underWay, passed(mostMs)]),
    async end() {
      await Promise.all(underWay)
      if (failure !== null) throw failure.error
      return delivered
    },
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
