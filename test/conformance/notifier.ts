import { expect, test } from 'vitest'
import type { Notifier, OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'

/** A notifier with a receiver of its kind, and what that receiver has got so far. */
export type NotifierUnderTest = Readonly<{ notifier: Notifier; receiver: Receiver; arrivedIds: () => readonly string[] }>

export function outgoingMessage(change: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const transition = change.transition ?? toldTransition()
  return {
    id: 'msg_1001_1_1769860800000_test',
    form: 'single',
    subject: notificationSubject(),
    transition,
    transitions: [transition],
    priority: 2,
    episode: { key: 'tocsin-1001-host:web-1', reference: null, othersOpen: 0 },
    link: null,
    title: '[Triggered on {host:web-1}] CPU is high',
    body: 'CPU of web-1 is 95',
    ...change,
  }
}

const messages: readonly (readonly [string, Partial<OutgoingMessage>])[] = [
  ['a plain message', {}],
  ['an empty body', { body: '' }],
  ['quotes, line breaks and other scripts', { body: '"\\\n\r\t<b>&amp; 日本語 😀', title: 'Ünïcödé "quoted"' }],
  ['a long body', { body: 'x'.repeat(40_000) }],
  ['a monitor without groups', { transition: toldTransition({ group: '*', value: null, threshold: null }) }],
  ['a group of strange tags', { transition: toldTransition({ group: 'a:b\\,c:d,__proto__:x' }) }],
]

/** What every notifier does while its receiver is well. Network faults are in notifier-http.ts. */
export function notifierConformance(name: string, start: () => Promise<NotifierUnderTest>): void {
  test.each(messages)(`${name}: delivers %s`, async (_what, change) => {
    const { notifier, receiver, arrivedIds } = await start()
    const message = outgoingMessage(change)
    expect(await notifier.deliver(message, receiver)).toEqual(expect.objectContaining({ kind: 'delivered', detail: expect.any(String) }))
    expect(arrivedIds()).toEqual([message.id])
  })

  test(`${name}: a message that is delivered again has the same id`, async () => {
    const { notifier, receiver, arrivedIds } = await start()
    await notifier.deliver(outgoingMessage(), receiver)
    await notifier.deliver(outgoingMessage(), receiver)
    expect(arrivedIds()).toEqual([outgoingMessage().id, outgoingMessage().id])
  })

  test(`${name}: a configuration that makes no sense is an answer, never an exception`, async () => {
    const { notifier, receiver } = await start()
    for (const config of [{}, { url: 7 }, { url: 'nowhere', customHeaders: null, encodeAs: 'json', secret: null }]) {
      const receipt = await notifier.deliver(outgoingMessage(), { ...receiver, config })
      expect(['delivered', 'refused', 'retry']).toContain(receipt.kind)
    }
  })
}
