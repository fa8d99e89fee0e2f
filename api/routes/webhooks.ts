/**
 * Datadog's endpoints for webhooks: each is a receiver `webhook-<name>`, the handle `@webhook-<name>` in a message. A change and
 * its audit event are one transaction. Never gives a secret out, save in the one answer to the request that had it made.
 * Read next: contract/webhook.ts, adapters/postgres/queries/receivers.ts.
 */
import { randomBytes } from 'node:crypto'
import { type Request, Router } from 'express'
import type { z } from 'zod'
import { type Client, type Pool, transaction } from '../../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../../adapters/postgres/queries/audit.ts'
import {
  createReceiver,
  deleteReceiver,
  getReceiver,
  lockReceiver,
  lockReceivers,
  type Receiver,
  updateReceiver,
} from '../../adapters/postgres/queries/receivers.ts'
import type { SecretBox } from '../../adapters/secrets/box.ts'
import { parse } from '../../contract/parse.ts'
import { webhookConfig, writtenWebhook } from '../../contract/receivers/webhook.ts'
import { receiverNameOf, webhookCreation, webhookUpdate } from '../../contract/webhook.ts'
import { ApiError, accepted, badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { noRoom, refuseHeldByFile, refuseUsed } from '../receivers.ts'
import { boxOf, noKey } from '../sources.ts'
import { variableWarnings } from '../webhook-warnings.ts'
import { bodyOf } from './request.ts'

const base = '/api/v1/integration/webhooks/configuration/webhooks'

export function webhookRoutes(deps: Readonly<{ pool: Pool; secrets?: SecretBox | null }>): Router {
  const { pool } = deps
  const secrets = boxOf(deps)
  const routes = Router()

  routes.post(base, async (req, res) => {
    const body = bodyOf(req, webhookCreation)
    const made = secretOf(body.secret)
    const config = checked({
      url: body.url,
      payload: body.payload ?? null,
      custom_headers: body.custom_headers ?? null,
      encode_as: body.encode_as ?? 'json',
      secret: made.secret ?? null,
    })
    await transaction(pool, async (client) => {
      await lockReceivers(client)
      const full = await noRoom(client)
      if (full.length > 0) throw badRequest(full)
      if (!(await createReceiver(client, receiverOf(body.name, storable(config, secrets)), secrets))) throw taken(body.name)
      await audit(client, req, 'webhook.created', { name: body.name })
    })
    res.status(201).json({ ...webhookJson(body.name, config), ...made.shown, ...(await variableWarnings(pool, config)) })
  })

  routes.get(`${base}/:name`, async (req, res) => {
    res.json(webhookJson(req.params.name, configOf(await getReceiver(pool, stored(req.params.name), secrets))))
  })

  routes.put(`${base}/:name`, async (req, res) => {
    const body = bodyOf(req, webhookUpdate)
    const made = secretOf(body.secret)
    const name = body.name ?? req.params.name
    const config = await transaction(pool, async (client) => {
      await lockReceivers(client)
      const receiver = await lockReceiver(client, stored(req.params.name), secrets)
      const current = configOf(receiver)
      if (receiver !== null) refuseHeldByFile(receiver)
      if (name !== req.params.name) await refuseUsed(client, stored(req.params.name))
      const next = checked(merged(current, body, made.secret))
      const changedReceiver = { ...receiverOf(name, storable(next, secrets)), policy: receiver?.policy ?? {} }
      if ((await updateReceiver(client, stored(req.params.name), changedReceiver, secrets)) === 'name-taken') throw taken(name)
      const changed = [...(name === req.params.name ? [] : ['name']), ...changedFields(current, next)]
      await audit(client, req, 'webhook.updated', { name: req.params.name, changed })
      return next
    })
    res.json({ ...webhookJson(name, config), ...made.shown, ...(await variableWarnings(pool, config)) })
  })

  routes.delete(`${base}/:name`, async (req, res) => {
    await transaction(pool, async (client) => {
      await lockReceivers(client)
      const receiver = await lockReceiver(client, stored(req.params.name), secrets)
      if (receiver === null || receiver.kind !== 'webhook') throw notFound('Webhook')
      refuseHeldByFile(receiver)
      await refuseUsed(client, receiver.name)
      await deleteReceiver(client, receiver.name)
      await audit(client, req, 'webhook.deleted', { name: req.params.name })
    })
    res.json({})
  })

  return routes
}

type StoredConfig = z.output<typeof webhookConfig>

/** What is left out keeps its value. */
function merged(current: StoredConfig, body: z.output<typeof webhookUpdate>, secret: string | null | undefined): StoredConfig {
  return {
    url: body.url ?? current.url,
    payload: body.payload === undefined ? current.payload : body.payload,
    custom_headers: body.custom_headers === undefined ? current.custom_headers : body.custom_headers,
    encode_as: body.encode_as ?? current.encode_as,
    secret: secret === undefined ? current.secret : secret,
  }
}

/** Together: what a payload must be depends on the encoding. */
function checked(config: StoredConfig): StoredConfig {
  return accepted(parse(webhookConfig, config))
}

function receiverOf(name: string, config: StoredConfig): Receiver {
  return { name: receiverNameOf(name), kind: 'webhook', config }
}

/** The receiver's name; a name that can't have been stored is found missing before PostgreSQL has to refuse it. */
function stored(name: string): string {
  if (name.includes('\0')) throw notFound('Webhook')
  return receiverNameOf(name)
}

function configOf(receiver: Receiver | null): StoredConfig {
  if (receiver === null || receiver.kind !== 'webhook') throw notFound('Webhook')
  const { unreadable } = receiver.config
  if (typeof unreadable === 'string') throw new ApiError(409, [unreadable])
  return writtenWebhook(receiver.config)
}

/** What is secret isn't stored in clear text. */
function storable(config: StoredConfig, secrets: SecretBox | null): StoredConfig {
  if (secrets === null && (config.secret !== null || (config.custom_headers ?? '').trim() !== '')) throw badRequest([noKey])
  return config
}

function changedFields(before: StoredConfig, next: StoredConfig): string[] {
  const fields = ['url', 'payload', 'custom_headers', 'encode_as', 'secret'] as const
  return fields.filter((field) => before[field] !== next[field])
}

async function audit(client: Client, req: Request, action: AuditAction, detail: Readonly<Record<string, unknown>>): Promise<void> {
  await recordAudit(client, { actor: principalOf(req).name, action, monitorId: null, detail })
}

/** undefined = keep, null = none. `shown` is the part of the answer that tells a secret that was made here. */
function secretOf(given: string | true | null | undefined): Readonly<{ secret: string | null | undefined; shown: { secret?: string } }> {
  if (given !== true) return { secret: given, shown: {} }
  // 32 bytes, as long as the digest that they key.
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  return { secret, shown: { secret } }
}

/** As Datadog's answer, plus whether messages are signed. */
function webhookJson(name: string, { url, payload, custom_headers, encode_as, secret }: StoredConfig) {
  return { name, url, payload, custom_headers, encode_as, signed: secret !== null }
}

const taken = (name: string) => badRequest([`name: a webhook ${name} exists already: change it by PUT, or take another name`])
