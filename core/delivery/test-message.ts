import type { Transition } from '../monitor/types.ts'

/**
 * What a receiver is sent to see whether it works: nothing is wrong, and nothing is opened for good. `id` is unique per test,
 * `at` epoch ms.
 */
export function testMessage(receiver: string, { id, at }: Readonly<{ id: string; at: number }>) {
  const transition: Transition = {
    sequence: 0,
    group: '*',
    from: 'OK',
    to: 'OK',
    slot: at,
    value: null,
    threshold: null,
    reason: 'threshold-recovered',
    version: 0,
    firstTriggeredAt: null,
    lastTriggeredAt: null,
    notify: { send: true, reason: 'recovered' },
    bundle: null,
  }
  return {
    id,
    form: 'test',
    subject: {
      monitorId: 0,
      version: 0,
      name: `Test of the receiver ${receiver}`,
      type: 'query alert',
      query: '',
      message: '',
      tags: [],
      priority: null,
      options: {},
    },
    transition,
    transitions: [transition],
    title: `[Test] The receiver ${receiver} works`,
    body: 'Somebody asked for this message to see whether messages arrive. Nothing is wrong.',
    priority: null,
    episode: { key: id, reference: null, othersOpen: 0 },
    link: null,
  } as const
}
