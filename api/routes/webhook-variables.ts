/**
 * Datadog's endpoints for variables of webhooks: `$NAME` in payloads, headers and addresses. A change and its audit event are one transaction.
 * Never gives a secret value out. Read next: contract/webhook-variable.ts, adapters/postgres/queries/webhook-variables.ts.
 */
import { type Request, Router } from 'express'
import { type Client, transaction } from '../../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../../adapters/postgres/queries/audit.ts'
import { lockReceivers } from '../../adapters/postgres/queries/receivers.ts'
import {
  countVariables,
  deleteVariable,
  findVariable,
  insertVariable,
  readVariable,
  updateVariable,
  type VariableWrite,
  type WebhookVariable,
} from '../../adapters/postgres/queries/webhook-variables.ts'
import { SecretError } from '../../adapters/secrets/box.ts'
import { variableCreation, variableUpdate } from '../../contract/webhook-variable.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError, badRequest, notFound } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { boxOf, noKey } from '../sources.ts'
import { bodyOf } from './request.ts'

const base = '/api/v1/integration/webhooks/configuration/custom-variables'
/** Each may stand in every webhook; more are a database. */
const variablesMax = 1_000

type Deps = Pick<AppDeps, 'pool' | 'secrets'>

export function webhookVariableRoutes(deps: Deps): Router {
  const router = Router()

  router.post(base, async (req, res) => {
    const { is_secret: isSecret, ...rest } = bodyOf(req, variableCreation)
    const variable = storable({ ...rest, isSecret }, deps)
    await transaction(deps.pool, async (client) => {
      await lockReceivers(client)
      if ((await countVariables(client)) >= variablesMax) throw badRequest([`there are ${variablesMax} variables already`])
      if (!(await insertVariable(client, variable, boxOf(deps)))) throw taken(variable.name)
      await audit(client, req, 'webhook-variable.created', { name: variable.name })
    })
    res.status(201).json(present(variable))
  })

  router.get(`${base}/:name`, async (req, res) => {
    res.json(present(found(await findVariable(deps.pool, named(req)))))
  })

  router.put(`${base}/:name`, async (req, res) => {
    const body = bodyOf(req, variableUpdate)
    const next = await transaction(deps.pool, async (client) => {
      await lockReceivers(client)
      const current = found(await findVariable(client, named(req), true))
      const written = storable(
        {
          name: body.name ?? current.name,
          value: body.value ?? (await textOf(client, deps, current.name)),
          isSecret: body.is_secret ?? current.isSecret,
        },
        deps,
      )
      if (current.isSecret && !written.isSecret && body.value === undefined) throw badRequest([uncovered])
      if (!(await updateVariable(client, current.name, written, boxOf(deps)))) throw taken(written.name)
      await audit(client, req, 'webhook-variable.updated', { name: current.name, changed: Object.keys(body).sort() })
      return written
    })
    res.json(present(next))
  })

  router.delete(`${base}/:name`, async (req, res) => {
    await transaction(deps.pool, async (client) => {
      if (!(await deleteVariable(client, named(req)))) throw notFound('Custom variable')
      await audit(client, req, 'webhook-variable.deleted', { name: named(req) })
    })
    res.json({})
  })

  return router
}

const uncovered = 'value: a secret value isn’t uncovered: give the value that shall be seen'

/** A name that can't have been stored is found missing before PostgreSQL has to refuse it. */
function named(req: Request): string {
  const name = String(req.params.name)
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw notFound('Custom variable')
  return name
}

function found(variable: WebhookVariable | null): WebhookVariable {
  if (variable === null) throw notFound('Custom variable')
  return variable
}

async function textOf(client: Client, deps: Deps, name: string): Promise<string> {
  try {
    return (await readVariable(client, name, boxOf(deps))) ?? ''
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    throw new ApiError(409, [`the value can't be read: ${error.message}: give it again`])
  }
}

function storable(variable: VariableWrite, deps: Deps): VariableWrite {
  if (variable.isSecret && boxOf(deps) === null) throw badRequest([noKey])
  return variable
}

/** As Datadog's answer: a secret has no value. */
function present({ name, value, isSecret }: WebhookVariable | VariableWrite) {
  return { name, is_secret: isSecret, ...(isSecret ? {} : { value }) }
}

async function audit(client: Client, req: Request, action: AuditAction, detail: Readonly<Record<string, unknown>>): Promise<void> {
  await recordAudit(client, { actor: principalOf(req).name, action, monitorId: null, detail })
}

const taken = (name: string) => badRequest([`name: a variable ${name} exists already: change it by PUT, or take another name`])
