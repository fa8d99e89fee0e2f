/**
 * Datadog's endpoints for webhooks: each is a receiver `webhook-<name>`, the handle `@webhook-<name>` in a message.
 * Never gives a secret out, save in the one answer to the request that had it made. Both keys are checked by the app around it.
 * Read next: contract/webhook.ts, adapters/postgres/queries/receivers.ts.
 */
import { randomBytes } from 'node:crypto'
import { type Request, Router } from 'express'
import type { z } from 'zod'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { createReceiver, deleteReceiver, getReceiver, type Receiver, updateReceiver } from '../../adapters/postgres/queries/receivers.ts'
import { parse } from '../../contract/parse.ts'
import { receiverNameOf, type WebhookConfig, webhookConfig, webhookCreation, webhookUpdate } from '../../contract/webhook.ts'
import { badRequest, notFound } from '../errors.ts'

const base = '/api/v1/integration/webhooks/configuration/webhooks'

export function webhookRoutes({ pool }: Readonly<{ pool: Pool }>): Router {
  const routes = Router()

  routes.post(base, async (req, res) => {
    const body = parsed(webhookCreation, req)
    const made = secretOf(body.secret)
    const config: WebhookConfig = {
      url: body.url,
      customHeaders: body.custom_headers ?? null,
      encodeAs: body.encode_as ?? 'json',
      secret: made.secret ?? null,
    }
    if (!(await createReceiver(pool, receiverOf(body.name, config)))) throw taken(body.name)
    res.status(201).json({ ...webhookJson(body.name, config), ...made.shown })
  })

  routes.get(`${base}/:name`, async (req, res) => {
    res.json(webhookJson(req.params.name, await load(pool, req.params.name)))
  })

  routes.put(`${base}/:name`, async (req, res) => {
    const body = parsed(webhookUpdate, req)
    const current = await load(pool, req.params.name)
    const made = secretOf(body.secret)
    const config: WebhookConfig = {
      url: body.url ?? current.url,
      customHeaders: body.custom_headers === undefined ? current.customHeaders : body.custom_headers,
      encodeAs: body.encode_as ?? current.encodeAs,
      secret: made.secret === undefined ? current.secret : made.secret,
    }
    const name = body.name ?? req.params.name
    const outcome = await updateReceiver(pool, receiverNameOf(req.params.name), receiverOf(name, config))
    if (outcome === 'missing') throw notFound('Webhook')
    if (outcome === 'name-taken') throw taken(name)
    res.json({ ...webhookJson(name, config), ...made.shown })
  })

  routes.delete(`${base}/:name`, async (req, res) => {
    if (!(await deleteReceiver(pool, stored(req.params.name)))) throw notFound('Webhook')
    res.json({})
  })

  return routes
}

function parsed<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  const result = parse(schema, req.body)
  if (!result.ok) throw badRequest(result.errors)
  return result.value
}

function receiverOf(name: string, config: WebhookConfig): Receiver {
  return { name: receiverNameOf(name), kind: 'webhook', config }
}

/** The receiver's name; a name that can't have been stored is found missing before PostgreSQL has to refuse it. */
function stored(name: string): string {
  if (name.includes('\0')) throw notFound('Webhook')
  return receiverNameOf(name)
}

async function load(pool: Pool, name: string): Promise<WebhookConfig> {
  const receiver = await getReceiver(pool, stored(name))
  if (receiver === null || receiver.kind !== 'webhook') throw notFound('Webhook')
  return webhookConfig.parse(receiver.config)
}

/** undefined = keep, null = none. `shown` is the part of the answer that tells a secret that was made here. */
function secretOf(given: string | true | null | undefined): Readonly<{ secret: string | null | undefined; shown: { secret?: string } }> {
  if (given !== true) return { secret: given, shown: {} }
  // 32 bytes, as long as the digest that they key.
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  return { secret, shown: { secret } }
}

/** As Datadog's answer, plus whether messages are signed. */
function webhookJson(name: string, { url, customHeaders, encodeAs, secret }: WebhookConfig) {
  return { name, url, payload: null, custom_headers: customHeaders, encode_as: encodeAs, signed: secret !== null }
}

const taken = (name: string) => badRequest([`name: a webhook ${name} exists already: change it by PUT, or take another name`])
