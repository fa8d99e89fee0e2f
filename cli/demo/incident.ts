/**
 * One incident from beginning to end: a metric crosses its threshold, the monitor alerts, a webhook tells, the metric
 * falls, the monitor recovers, a webhook tells that too. Cleans up after itself, whatever happened.
 * Talks to Tocsin over HTTP only, as anybody could. Read next: receiver.ts, main.ts.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { errorsOf, type HttpAnswer, type HttpClient } from '../http.ts'
import { waitFor } from '../up/wait.ts'
import { openReceiver, type Received, type Receiver } from './receiver.ts'

export type Tell = Readonly<{ step: (line: string) => void; fact: (line: string) => void }>

const metric = 'tocsin.demo.queue_depth'
const threshold = 100
/** Above and below by so much that a few points decide the average of the minute. */
const [highValue, lowValue] = [180, 0]
const pushEveryMs = 1_000
/** An evaluation runs every 2 s here; a machine that needs this long for one step has a problem worth showing. */
const stepTimeoutMs = 40_000
const webhooksPath = '/api/v1/integration/webhooks/configuration/webhooks'

const monitorAnswer = z.object({ id: z.number().int(), overall_state: z.string().nullish() })

/** Rejects with the step that didn't happen by its deadline, and why. */
export async function runIncident(client: HttpClient, tell: Tell): Promise<void> {
  const secret = `whsec_${randomBytes(24).toString('base64')}`
  const run = randomBytes(4).toString('hex')
  const receiver = await openReceiver(secret)
  let monitorId: number | null = null
  try {
    await registerWebhook(client, receiver.url, secret)
    tell.step('a receiver listens, and Tocsin knows it as @webhook-demo')
    tell.fact(receiver.url)
    monitorId = await createMonitor(client, run)
    tell.step(`monitor ${monitorId} watches the queue`)
    tell.fact(queryOf(run))

    const pushHigh = (): Promise<void> => push(client, run, highValue)
    tell.step(`the queue grows to ${highValue}`)
    await stateBecomes(client, monitorId, 'Alert', pushHigh)
    tell.fact('state: Alert')
    show(await webhookArrives(receiver, 'Alert', pushHigh), tell)

    const pushLow = (): Promise<void> => push(client, run, lowValue)
    tell.step(`the queue drains to ${lowValue}`)
    await stateBecomes(client, monitorId, 'OK', pushLow)
    tell.fact('state: OK')
    show(await webhookArrives(receiver, 'OK', pushLow), tell)
  } finally {
    await receiver.close()
    if (monitorId !== null) await client.request('DELETE', `/api/v1/monitor/${monitorId}`).catch(() => {})
    await client.request('DELETE', `${webhooksPath}/demo`).catch(() => {})
  }
  tell.step('cleaned up: the monitor and the receiver are gone')
}

const queryOf = (run: string): string => `avg(last_1m):avg:${metric}{run:${run}} > ${threshold}`

async function registerWebhook(client: HttpClient, url: string, secret: string): Promise<void> {
  const webhook = { name: 'demo', url, secret }
  const created = await client.request('POST', webhooksPath, webhook)
  if (created.status < 300) return
  // One is left over from a demo that was cut off.
  const { name, ...fields } = webhook
  const updated = await client.request('PUT', `${webhooksPath}/${name}`, fields)
  if (updated.status >= 300) throw new Error(`the webhook could not be registered: ${errorsOf(created)}`)
}

async function createMonitor(client: HttpClient, run: string): Promise<number> {
  const answer = await client.request('POST', '/api/v1/monitor', {
    name: 'Demo: the queue is too long',
    type: 'query alert',
    query: queryOf(run),
    message: '{{#is_alert}}{{value}} jobs wait.{{/is_alert}}{{#is_recovery}}Only {{value}} jobs wait.{{/is_recovery}} @webhook-demo',
    tags: ['source:demo'],
    options: { thresholds: { critical: threshold }, interval: 2 },
  })
  return requireOk(answer, 'the monitor could not be created').id
}

async function push(client: HttpClient, run: string, value: number): Promise<void> {
  const points = [{ timestamp: Math.floor(Date.now() / 1000), value }]
  const answer = await client.request('POST', '/api/v2/series', { series: [{ metric, type: 3, points, tags: [`run:${run}`] }] })
  if (answer.status >= 300) throw new Error(`the intake refused the point: ${errorsOf(answer)}`)
}

async function stateBecomes(client: HttpClient, id: number, state: string, feed: () => Promise<void>): Promise<void> {
  let seen = 'nothing yet'
  const ask = async (): Promise<true | null> => {
    await feed()
    seen = requireOk(await client.request('GET', `/api/v1/monitor/${id}`), `monitor ${id} could not be read`).overall_state ?? 'none'
    return seen === state ? true : null
  }
  await waitFor(ask, { what: `state ${state}`, timeoutMs: stepTimeoutMs, everyMs: pushEveryMs }).catch((error: unknown) => {
    throw new Error(`monitor ${id} did not become ${state} within ${stepTimeoutMs / 1000} s; it is ${seen}`, { cause: error })
  })
}

async function webhookArrives(receiver: Receiver, to: string, feed: () => Promise<void>): Promise<Received> {
  const ask = async (): Promise<Received | null> => {
    const found = receiver.received().find((webhook) => webhook.to === to)
    if (found === undefined) await feed()
    return found ?? null
  }
  return waitFor(ask, { what: `the webhook about ${to}`, timeoutMs: stepTimeoutMs, everyMs: pushEveryMs / 2 }).catch((error: unknown) => {
    const refused = receiver.refused()
    throw new Error(
      `no webhook about ${to} arrived within ${stepTimeoutMs / 1000} s${refused === null ? '' : `; one was refused: ${refused}`}`,
      {
        cause: error,
      },
    )
  })
}

function show(webhook: Received, tell: Tell): void {
  tell.fact(`webhook arrived, signature verified: “${webhook.title}”, ${webhook.from} → ${webhook.to}`)
  tell.fact(`webhook-id ${webhook.id}`)
}

function requireOk(answer: HttpAnswer, otherwise: string): z.infer<typeof monitorAnswer> {
  if (answer.status >= 300) throw new Error(`${otherwise}: ${errorsOf(answer)}`)
  return monitorAnswer.parse(answer.body)
}
