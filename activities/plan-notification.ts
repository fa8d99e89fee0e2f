/**
 * From a commit to messages: renders each told transition, writes down who is to be sent what before anything is sent, and wakes the
 * lanes of those receivers. Never sends, never plans a message twice, and never a commit before those that came before it.
 * Read next: plan-for.ts, workflows/notify.ts, drain.ts.
 */
import { policyOf } from '../core/delivery/policy.ts'
import type { Transition } from '../core/monitor/types.ts'
import { bundlesOf, commonBundle, type RuleBundle } from '../core/notification-rules/bundles.ts'
import { ruleShares } from '../core/notification-rules/match.ts'
import type { PreparedRule } from '../core/notification-rules/rule.ts'
import { withDetails } from './details.ts'
import type { KnownEpisodes, NotificationJob, NotificationPlan, Receiver, RenderedMessage } from './notification-ports.ts'
import { planFor } from './plan-for.ts'
import type { ActivityPorts } from './ports.ts'

export type PlanInput = Readonly<{ monitorId: number; sequence: number }>
/** Receivers whose lanes were woken: the others of the commit look by themselves. */
export type PlanAnswer = Readonly<{ woken: string[] }>

/** Every message goes here, too. */
const logName = 'log'
/** Receivers of one commit: more of them are names made out of data. */
const receiversMax = 500
/** Commits that were left behind and are planned first, at a time. */
const backlogMax = 100
/** Renderings between which others get their turn: some ten milliseconds. */
const renderingsPerTurn = 100

type Ports = Pick<ActivityPorts, 'notifications' | 'notifiers' | 'renderer' | 'details' | 'runtime' | 'publicUrl'>

export function planNotificationActivities(ports: Ports) {
  return {
    /** Rejects while the store or Temporal is away; the caller retries, and finds what was done. */
    async planNotification({ monitorId, sequence }: PlanInput): Promise<PlanAnswer> {
      const woken = new Set<string>()
      const wake = async (of: number): Promise<void> => {
        for (const receiver of await ports.notifications.asleep(monitorId, of)) {
          if (!woken.has(receiver)) await ports.runtime.wakeLane(receiver)
          woken.add(receiver)
        }
      }
      for (;;) {
        const unplanned = await ports.notifications.unplanned(monitorId, sequence, backlogMax)
        for (const before of unplanned) {
          await plan(ports, monitorId, before)
          await wake(before)
        }
        if (unplanned.length < backlogMax) break
      }
      await wake(sequence)
      return { woken: [...woken].sort() }
    },
  }
}

async function plan(engine: Ports, monitorId: number, sequence: number): Promise<void> {
  const { notifications } = engine
  const job = await notifications.load(monitorId, sequence)
  if (job === null) return notifications.plan(monitorId, sequence, { deliveries: [], episodes: [] }, [])
  const ports = await withDetails(engine, job.subject, job.transitions)
  const addressed = await addresseesOfAll(ports, job, await notifications.rules())
  const names = [...new Set([logName, ...addressed.flatMap(({ handles }) => handles)])]
  const known = await notifications.receivers(names)
  const receivers = names.flatMap((name) => known.filter((receiver) => receiver.name === name)).slice(0, receiversMax)
  const standIns = await notifications.receivers(receivers.flatMap((receiver) => policyOf(receiver).fallback?.receiver ?? []))
  const groups = [...new Set(job.transitions.map(({ group }) => group))]
  const episodes = await notifications.episodes(
    monitorId,
    [...receivers, ...standIns].map(({ name }) => name),
    groups,
  )
  const plans: NotificationPlan[] = []
  for (const wanted of wantedOf(addressed, receivers, standIns, episodes)) {
    plans.push(planFor(ports, { ...wanted, subject: job.subject, known: episodes[wanted.receiver.name] ?? {} }))
    await turnOfOthers()
  }
  const planned = { deliveries: plans.flatMap(({ deliveries }) => deliveries), episodes: plans.flatMap((one) => one.episodes) }
  const unknown = names.filter((name) => !receivers.some((receiver) => receiver.name === name))
  await notifications.plan(monitorId, sequence, planned, unknown)
}

type Addressed = Readonly<{ transition: Transition; handles: readonly string[]; bundles: ReadonlyMap<string, RuleBundle> }>

/** Whom each transition names, itself or by a rule. Texts are made later, for those that get them. */
async function addresseesOfAll(
  { renderer }: Ports,
  { subject, transitions }: NotificationJob,
  rules: readonly PreparedRule[],
): Promise<Addressed[]> {
  const addressed: Addressed[] = []
  for (const transition of transitions) {
    if (addressed.length % renderingsPerTurn === renderingsPerTurn - 1) await turnOfOthers()
    const message = renderer.render(subject, transition)
    const shares = ruleShares(rules, { tags: subject.tags, priority: message.priority }, transition)
    const handles = [...message.handles, ...shares.flatMap(({ recipients }) => recipients)]
    addressed.push({ transition, handles: addresseesOf({ handles }), bundles: bundlesOf(message.handles, shares) })
  }
  return addressed
}

/** Whom a message names, configured or not. */
export function addresseesOf({ handles }: Pick<RenderedMessage, 'handles'>): string[] {
  return [...new Set([logName, ...handles])]
}

type Wanted = Readonly<{ receiver: Receiver; transitions: readonly Transition[]; fallbackFor: string | null; bundle: RuleBundle | null }>

/** What each receiver is to be told; and recoveries also who stood in when it began, so that nothing stays open there. */
function wantedOf(
  addressed: readonly Addressed[],
  receivers: readonly Receiver[],
  standIns: readonly Receiver[],
  episodes: KnownEpisodes,
): Wanted[] {
  const own = receivers.map((receiver) => {
    const named = addressed.filter(({ handles }) => handles.includes(receiver.name))
    const bundle = commonBundle(named.map(({ bundles }) => bundles.get(receiver.name)))
    return { receiver, transitions: named.map(({ transition }) => transition), fallbackFor: null, bundle }
  })
  const others = receivers.flatMap((receiver): Wanted[] => {
    const standIn = standIns.find(({ name }) => name === policyOf(receiver).fallback?.receiver)
    if (standIn === undefined) return []
    const opened = episodes[standIn.name] ?? {}
    const transitions = addressed
      .filter(({ handles }) => handles.includes(receiver.name) && !handles.includes(standIn.name))
      .map(({ transition }) => transition)
      .filter(({ to, group }) => to === 'OK' && Object.hasOwn(opened, group) && opened[group]?.open === true)
    return [{ receiver: standIn, transitions, fallbackFor: receiver.name, bundle: null }]
  })
  return [...own, ...others].filter(({ transitions }) => transitions.length > 0)
}

function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
