/** Everything told arrived, nothing else did, nothing came as something else under the same id, and in order. Pure. Read next: facts.ts. */
import { messageId } from '../../../core/message/id.ts'
import type { Arrival } from '../receivers.ts'
import { isMuted, receiversOf } from '../script.ts'
import type { Facts, MonitorFacts } from './facts.ts'
import type { Verdict } from './invariant.ts'

export function checkIntents({ monitors }: Facts): Verdict {
  let told = 0
  const violations = monitors.flatMap(({ monitorId, transitions, notified }) => {
    const decided = transitions.filter(({ notify }) => notify.send).map(({ sequence }) => sequence)
    const noted = notified.flat().sort((one, other) => one - other)
    told += decided.length
    return String(decided) === String(noted) ? [] : [`monitor ${monitorId}: to be told are ${decided}, noted are ${noted}`]
  })
  return { invariant: 'each transition to be told is in one notification', looked: `${told} transitions`, violations }
}

/** Whatever happened in between, people know what is: an alert that is on, and one that is over. */
export function checkLastWord({ monitors }: Facts): Verdict {
  let groups = 0
  const violations = monitors.flatMap(({ monitorId, index, transitions, answer }) => {
    if (answer === null || isMuted(index)) return []
    return Object.entries(answer.state.groups).flatMap(([group, { status }]) => {
      if (status !== 'OK' && status !== 'Alert' && status !== 'Warn') return []
      groups += 1
      const last = transitions.findLast((one) => one.group === group && one.notify.send)
      const heard = last?.to ?? 'OK'
      return heard === status ? [] : [`monitor ${monitorId}, ${group}: it is ${status}, and the last word was ${heard} (${last?.sequence})`]
    })
  })
  return { invariant: 'the last word that was told of a group is what it is', looked: `${groups} groups`, violations }
}

export function checkArrived(facts: Facts): Verdict {
  const accepted = new Set(facts.arrivals.filter((one) => one.accepted).map(({ id }) => id))
  let messages = 0
  const violations = facts.monitors.flatMap((monitor) => {
    const { monitorId, deliveries } = monitor
    const lost: string[] = []
    for (const receiver of ['log', ...receiversOf(monitor.index)]) {
      const done = deliveries.filter((one) => one.receiver === receiver && one.status === 'delivered')
      const heard = new Set(done.flatMap(({ tells }) => tells))
      for (const { sequence, notify } of monitor.transitions) {
        if (notify.send && !heard.has(sequence)) lost.push(`monitor ${monitorId}: ${receiver} was never told number ${sequence}`)
      }
      messages += done.length
      const ids = receiver === 'log' ? [] : done.map(({ sequence }) => idOf(monitor, sequence, receiver))
      lost.push(...ids.filter((id) => !accepted.has(id)).map((id) => `${id} counts as delivered, and its receiver never took it`))
    }
    return lost
  })
  return { invariant: 'every notification arrived', looked: `${messages} messages`, violations }
}

export function checkIntended({ monitors, arrivals }: Facts): Verdict {
  const known = new Set(
    monitors.flatMap((one) => one.deliveries.map(({ sequence, receiver }) => `${receiver} ${idOf(one, sequence, receiver)}`)),
  )
  const strange = arrivals.filter(({ receiver, id }) => !known.has(`${receiver} ${id}`))
  const wrong = monitors.flatMap((one) =>
    one.deliveries
      .filter(({ receiver }) => receiver !== 'log' && !receiversOf(one.index).includes(receiver))
      .map(({ sequence, receiver }) => `monitor ${one.monitorId}: number ${sequence} went to ${receiver}`),
  )
  const violations = [...new Set(strange.map(({ receiver, id }) => `${receiver} got ${id}, which nobody sent`)), ...wrong]
  return { invariant: 'nothing arrived that was not intended', looked: `${arrivals.length} requests`, violations }
}

/** Who drops what has an id that he knows sees each message once. */
export function checkOnce({ arrivals }: Facts): Verdict {
  const bodies = Map.groupBy(arrivals, ({ id }) => id)
  const violations = [...bodies].flatMap(([id, all]) => {
    const variants = new Set(all.map(({ digest }) => digest)).size
    return variants === 1 ? [] : [`${id} came with ${variants} different bodies`]
  })
  const again = arrivals.filter((one) => one.accepted).length - acceptedFirst(arrivals).length
  const looked = `${bodies.size} ids, ${again} of them taken again`
  return { invariant: 'what comes again is the same under the same id', looked, violations }
}

export function checkOrder({ monitors, arrivals }: Facts): Verdict {
  const placed = new Map<string, Readonly<{ lane: string; sequence: number }>>()
  for (const monitor of monitors) {
    for (const { sequence, receiver } of monitor.deliveries) {
      const group = monitor.transitions[sequence - 1]?.group ?? ''
      placed.set(idOf(monitor, sequence, receiver), { lane: `monitor ${monitor.monitorId}, ${group}, ${receiver}`, sequence })
    }
  }
  const newest = new Map<string, number>()
  const violations = acceptedFirst(arrivals).flatMap(({ id }) => {
    const place = placed.get(id)
    if (place === undefined) return []
    const before = newest.get(place.lane) ?? 0
    newest.set(place.lane, Math.max(before, place.sequence))
    return place.sequence > before ? [] : [`${place.lane}: number ${place.sequence} came after ${before}`]
  })
  return { invariant: 'messages of a group came in order', looked: `${newest.size} groups`, violations }
}

function acceptedFirst(arrivals: readonly Arrival[]): Arrival[] {
  const seen = new Set<string>()
  return arrivals.filter(({ id, accepted }) => {
    if (!accepted || seen.has(id)) return false
    seen.add(id)
    return true
  })
}

function idOf({ monitorId, transitions }: MonitorFacts, sequence: number, receiver: string): string {
  const transition = transitions[sequence - 1]
  return transition === undefined ? `number ${sequence} of monitor ${monitorId}` : messageId(monitorId, transition, receiver)
}
