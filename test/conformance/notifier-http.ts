import { afterEach, expect, test } from 'vitest'
import type { DeliveryReceipt, Notifier, Receiver } from '../../activities/notification-ports.ts'
import { freePort } from '../../cli/up/port.ts'
import { answer, type Behaviour, type HookServer, startHookServer } from '../support/hook-server.ts'
import { outgoingMessage } from './notifier.ts'

export type HttpNotifierUnderTest = Readonly<{
  notifier: Notifier
  receiverAt: (url: string) => Receiver
  /** The body by which an API says that it took a message, where the status alone doesn't say it. */
  accepted?: string
}>

const now = Date.UTC(2026, 0, 31, 12)
/** The clock that a notifier under test should have, so that HTTP dates mean something. */
export const conformanceClock = (): number => now

const delivered = expect.objectContaining({ kind: 'delivered', detail: expect.any(String) })
const refused = { kind: 'refused', reason: expect.any(String) }
const retry = (afterMs: number | null = null) => ({ kind: 'retry', reason: expect.any(String), afterMs })

const endless: Behaviour = (res) => {
  const more = (): void => {
    while (!res.destroyed && res.write('x'.repeat(16_384)));
    if (!res.destroyed) res.once('drain', more)
  }
  res.writeHead(200)
  more()
}
const elsewhere: Behaviour = (res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()

type Case = readonly [string, Behaviour, unknown]

const takenByStatus: readonly Case[] = [
  ['200 is delivered', answer(200), delivered],
  ['202 is delivered', answer(202, {}, 'queued'), delivered],
  ['204 is delivered', answer(204), delivered],
  ['an endless body behind a 200 is delivered', endless, delivered],
]
const takenByBody = (accepted: string): readonly Case[] => [
  ['200 that says so is delivered', answer(200, {}, accepted), delivered],
  ['202 that says so is delivered', answer(202, {}, accepted), delivered],
  ['200 that says nothing is tried again', answer(200), retry()],
  ['a page that somebody put in the way is tried again', answer(200, {}, '<html>please log in</html>'), retry()],
  ['an endless body behind a 200 is tried again', endless, retry()],
]

const cases: readonly Case[] = [
  ['a redirect is refused', elsewhere, refused],
  ['304 is refused', answer(304), refused],
  ['400 is refused', answer(400, {}, 'bad message'), refused],
  ['401 is refused', answer(401), refused],
  ['404 is refused', answer(404), refused],
  ['410 is refused', answer(410), refused],
  ['408 is tried again', answer(408), retry()],
  ['425 is tried again', answer(425), retry()],
  ['429 is tried again', answer(429), retry()],
  ['429 with seconds is tried again after them', answer(429, { 'retry-after': '7' }), retry(7_000)],
  ['429 with a date is tried again then', answer(429, { 'retry-after': new Date(now + 90_000).toUTCString() }), retry(90_000)],
  ['a date that is over means now', answer(429, { 'retry-after': new Date(now - 90_000).toUTCString() }), retry(0)],
  ['a Retry-After that says nothing is as none', answer(429, { 'retry-after': 'soon' }), retry()],
  ['500 is tried again', answer(500, {}, 'boom'), retry()],
  ['501 is tried again', answer(501), retry()],
  ['503 with seconds is tried again after them', answer(503, { 'retry-after': '120' }), retry(120_000)],
  ['a connection that is reset is tried again', (res) => res.socket?.resetAndDestroy(), retry()],
  [
    'an answer that breaks off is tried again',
    (res) => res.writeHead(200, { 'content-length': '10' }).write('x', () => res.destroy()),
    retry(),
  ],
  ['what is not HTTP is tried again', (res) => res.socket?.end('hello\r\n\r\n'), retry()],
]

/** What every notifier that speaks HTTP makes of answers and faults, against real servers. */
export function httpNotifierConformance(name: string, { notifier, receiverAt, accepted }: HttpNotifierUnderTest): void {
  let server: HookServer | undefined
  afterEach(async () => {
    await server?.close()
    server = undefined
  })

  async function deliverTo(behave: Behaviour): Promise<DeliveryReceipt> {
    server = await startHookServer(behave)
    return notifier.deliver(outgoingMessage(), receiverAt(server.url))
  }

  const taken = accepted === undefined ? takenByStatus : takenByBody(accepted)
  test.each([...taken, ...cases])(`${name}: %s`, async (_what, behave, receipt) => {
    expect(await deliverTo(behave)).toEqual(receipt)
    expect(server?.hooks()).toHaveLength(1)
  })

  test(`${name}: a receiver that hangs is given up in time and tried again`, async () => {
    const started = performance.now()
    expect(await deliverTo(() => {})).toEqual(retry())
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test(`${name}: a port without a server is tried again`, async () => {
    expect(await notifier.deliver(outgoingMessage(), receiverAt(`http://127.0.0.1:${await freePort()}/`))).toEqual(retry())
  })

  test(`${name}: a name that nobody knows is tried again`, async () => {
    expect(await notifier.deliver(outgoingMessage(), receiverAt('http://receiver.invalid/'))).toEqual(retry())
  })

  test(`${name}: what a receiver says about its refusal is kept, and bounded`, async () => {
    const receipt = await deliverTo(answer(422, {}, `no such channel ${'x'.repeat(100_000)}`))
    expect(receipt).toEqual({ kind: 'refused', reason: expect.stringMatching(/^HTTP 422: no such channel x+/) })
    expect(JSON.stringify(receipt).length).toBeLessThan(500)
  })
}
