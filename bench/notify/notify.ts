/**
 * Notifications from a commit or a slot to their arrival at real HTTP receivers, through the real workflows, activities and Workers over
 * PostgreSQL and Temporal: how many, how soon, and what a storm does. Read next: stage.ts, backlog.ts, steady.ts, storm.ts.
 */
import type { Benchmark, Figures } from '../benchmark.ts'
import { withBundle } from '../bundle.ts'
import { measureBacklog } from './backlog.ts'
import { measureSteady } from './steady.ts'
import { measureStorm } from './storm.ts'

export const notifyBenchmark: Benchmark = {
  name: 'notify',
  about:
    'PostgreSQL (commits synced), a Temporal dev server, one worker process with the reconciler, and the receivers (webhooks over HTTP on loopback, default policy) share the machine; each message also goes to the receiver `log`, which is not counted. ' +
    'Backlog: 10,000 messages of 100 monitors for four receivers, committed and not planned, until the last one has arrived; bare: requests of the same size by the same client to the same receivers, as many at a time. ' +
    'Slot to receipt: 100 monitors at 10 s over a scripted source, each of whose ten groups changes at each slot, so 100 messages a second in ten commits a second, to four receivers; from the time of the slot, evaluation included, to the arrival of the request that tells of it, of all transitions of the slots of 60 s. ' +
    'Storm: 10,000 groups of a monitor into Alert in one slot and back in a later one, with one receiver that is well, one that answers 500 and one that hangs until both are over; more than 20 transitions of a commit are one message. ' +
    'From the begin of the commit to the last message at the receiver that is well; memory is the highest of the worker. The run fails if a message is missing, or arrives twice.',
  figures: [
    { key: 'deliveriesPerSecond', label: 'backlog: messages delivered a second', digits: 0, goal: { atLeast: 100 } },
    { key: 'barePostsPerSecond', label: 'bare requests a second', digits: 0 },
    { key: 'deliveryRatio', label: 'ratio of the two', digits: 3 },
    { key: 'backlogCpuMsPerDelivery', label: 'backlog: worker CPU per message, ms', digits: 2 },
    { key: 'notificationsPerSecond', label: 'slot to receipt: messages a second', digits: 0, goal: { atLeast: 100 } },
    { key: 'slotToReceiptP50Ms', label: 'slot to receipt, p50, ms', digits: 0 },
    { key: 'slotToReceiptP99Ms', label: 'slot to receipt, p99, ms', digits: 0, goal: { atMost: 2_000 } },
    { key: 'slotToReceiptMaxMs', label: 'slot to receipt, highest, ms', digits: 0 },
    { key: 'workerCpuMsPerNotification', label: 'worker CPU per message, evaluations included, ms', digits: 2 },
    { key: 'stormLastDeliveryMs', label: 'storm of 10,000 groups: commit to last delivery, ms', digits: 0 },
    { key: 'stormSlotToLastDeliveryMs', label: 'the same from the slot, ms', digits: 0 },
    { key: 'stormRecoveryLastDeliveryMs', label: 'its recovery: commit to last delivery, ms', digits: 0 },
    { key: 'stormRssMb', label: 'storm: worker memory, highest, MB', digits: 0, goal: { atMost: 1_024 } },
    { key: 'stormMessages', label: 'storm: messages for 60,000 transitions', digits: 0 },
  ],
  run,
}

async function run(say: (line: string) => void): Promise<Figures> {
  return withBundle(async (codePath) => {
    const backlog = await measureBacklog(codePath, say)
    const steady = await measureSteady(codePath, say)
    say(`p99 ${steady.slotToReceiptP99Ms} ms; a storm`)
    const storm = await measureStorm(codePath, say)
    const { deliveriesPerSecond, bareMessagesPerSecond: barePostsPerSecond } = backlog
    return {
      deliveriesPerSecond,
      barePostsPerSecond,
      deliveryRatio: deliveriesPerSecond / barePostsPerSecond,
      backlogCpuMsPerDelivery: backlog.cpuMsPerDelivery,
      notificationsPerSecond: steady.notificationsPerSecond,
      slotToReceiptP50Ms: steady.slotToReceiptP50Ms,
      slotToReceiptP99Ms: steady.slotToReceiptP99Ms,
      slotToReceiptMaxMs: steady.slotToReceiptMaxMs,
      workerCpuMsPerNotification: steady.cpuMsPerNotification,
      ...storm,
    }
  })
}
