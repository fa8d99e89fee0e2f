/**
 * Sends what is open for one receiver, as its policy allows, until nothing can be sent for a while; then says for how long.
 * Never holds a worker's slot for a receiver that doesn't answer: its breaker opens, and the lane waits without a worker.
 * Read next: drain-round.ts, core/delivery/queue.ts (what goes next), gate.ts (how much), workflows/deliver.ts (the lane).
 */
import { beating } from './beating.ts'
import { lookAt, sendAll } from './drain-round.ts'
import { type Gate, openGate } from './gate.ts'
import { type Lease, leaseOf } from './lease.ts'
import { remind } from './remind.ts'
import { type SendPorts, type Target, targetOf } from './send.ts'

export type DrainInput = Readonly<{ receiver: string }>
/** How long the lane may sleep unless it is woken; 0 = go on at once; null = nothing is open for it. */
export type DrainAnswer = Readonly<{ waitMs: number | null; delivered: number }>

/** A call ends after this at the latest, between two messages: a new worker version takes over soon, also under load. */
const callMs = 120_000
/** A receiver of a kind that this worker doesn't know: another one may, or a newer version that is being rolled out. */
const unknownKindWaitMs = 15_000
/** Nothing is due later than this, so anything that was overlooked is found then. */
const longestWaitMs = 3_600_000
/** Below, a lane that is mistaken about what it can send would turn in circles. */
const shortestWaitMs = 200

export function drainActivities(ports: SendPorts) {
  return {
    /** One at a time per receiver: the lane sees to it. Rejects while the store is away; the lane tries again. */
    async drain({ receiver }: DrainInput): Promise<DrainAnswer> {
      return beating(() => drain(ports, receiver))
    },
  }
}

async function drain(ports: SendPorts, name: string): Promise<DrainAnswer> {
  const { lanes } = ports
  const lease = leaseOf(lanes, name)
  try {
    const stored = await lease.take()
    const receiver = await lanes.receiver(name)
    if (receiver === null) {
      // Whatever is planned from here on wakes the lane again.
      await lease.giveBack()
      await lanes.giveUp(name, null, `there is no receiver ${name} any more`)
      return { waitMs: null, delivered: 0 }
    }
    const target = targetOf(ports, receiver)
    if (target === null) return await leftToOthers(ports, lease, name, receiver.kind)
    const gate = await openGate(lanes, name, stored, target.policy, target.notifier.incidents === true)
    return await run(ports, lease, target, gate)
  } finally {
    await lease.close()
  }
}

async function leftToOthers({ lanes }: SendPorts, lease: Lease, name: string, kind: string): Promise<DrainAnswer> {
  await lease.giveBack()
  await lanes.explain(name, `this worker knows no receivers of the kind ${kind}`)
  await lanes.rest(name, unknownKindWaitMs)
  return { waitMs: (await lanes.outlook(name)).open === 0 ? null : unknownKindWaitMs, delivered: 0 }
}

async function run(ports: SendPorts, lease: Lease, target: Target, gate: Gate): Promise<DrainAnswer> {
  const { lanes } = ports
  const { name } = target.receiver
  const { giveUpAfterMs } = target.policy
  const until = ports.clock() + callMs
  let delivered = 0
  for (;;) {
    await lanes.giveUp(name, giveUpAfterMs, `given up after ${Math.round(giveUpAfterMs / 60_000)} min`)
    await remind(ports, target, gate)
    const round = await sendAll(ports, target, gate, until)
    delivered += round.delivered
    if (round.cut) return { waitMs: 0, delivered }
    const remindInMs = await remind(ports, target, gate)
    // From here on whoever plans wakes the lane; what was planned until now is seen by the last look.
    await lease.giveBack()
    const waitMs = await waitOf(ports, target, gate, remindInMs)
    if (waitMs !== 0) return { waitMs, delivered }
    await lease.take()
  }
}

/** 0 = something can be sent after all; null = nothing is open. */
async function waitOf(ports: SendPorts, target: Target, gate: Gate, remindInMs: number | null): Promise<number | null> {
  const { lanes, clock } = ports
  const { name } = target.receiver
  const last = await lookAt(ports, target, gate)
  if (last.sends.length > 0) return 0
  const { open, nextInMs, oldestMs } = await lanes.outlook(name)
  if (open === 0 && remindInMs === null) return null
  const { untilMs } = gate.opening(clock(), 0)
  const nextMs = untilMs === null ? soonest(last.nextInMs, nextInMs) : untilMs - clock()
  const giveUpInMs = target.policy.giveUpAfterMs - oldestMs + shortestWaitMs
  const soon = open === 0 ? remindInMs : soonest(remindInMs, soonest(nextMs, giveUpInMs))
  const waitMs = Math.round(Math.min(Math.max(soon ?? longestWaitMs, shortestWaitMs), longestWaitMs))
  await lanes.rest(name, waitMs)
  return waitMs
}

function soonest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}
