/**
 * Variables of webhooks: names that stand for texts in payloads, headers and addresses. Secret ones are sealed.
 * Never gives out a secret one but to what delivers. Read next: api/routes/webhook-variables.ts, core/message/payload.ts.
 */
import type { Receiver } from '../../../activities/notification-ports.ts'
import { namesInPayload } from '../../../core/message/payload.ts'
import { type SecretBox, SecretError } from '../../secrets/box.ts'
import type { Queryable } from '../pool.ts'

/** `value` null = it is secret. */
export type WebhookVariable = Readonly<{ name: string; value: string | null; isSecret: boolean }>

export async function findVariable(db: Queryable, name: string, lock = false): Promise<WebhookVariable | null> {
  const { rows } = await db.query<WebhookVariable>(
    `select name, value, sealed is not null as "isSecret" from webhook_variables where name = $1${lock ? ' for update' : ''}`,
    [name],
  )
  return rows[0] ?? null
}

/** The names of those that there are. */
export async function knownVariables(db: Queryable, names: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ name: string }>('select name from webhook_variables where name = any($1::text[])', [names])
  return new Set(rows.map(({ name }) => name))
}

export async function countVariables(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select count(*) from webhook_variables')
  return rows[0]?.count ?? 0
}

export type VariableWrite = Readonly<{ name: string; value: string; isSecret: boolean }>

/** false: there is one of this name. A secret needs a box. */
export async function insertVariable(db: Queryable, variable: VariableWrite, secrets: SecretBox | null): Promise<boolean> {
  const { rowCount } = await db.query(
    'insert into webhook_variables (name, value, sealed) values ($1, $2, $3) on conflict (name) do nothing',
    [variable.name, ...stored(variable, secrets)],
  )
  return rowCount === 1
}

/** false: another one has the new name. */
export async function updateVariable(db: Queryable, name: string, next: VariableWrite, secrets: SecretBox | null): Promise<boolean> {
  if (name !== next.name && (await findVariable(db, next.name)) !== null) return false
  await db.query('update webhook_variables set name = $2, value = $3, sealed = $4, modified_at = now() where name = $1', [
    name,
    next.name,
    ...stored(next, secrets),
  ])
  return true
}

/** false: there was none. */
export async function deleteVariable(db: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from webhook_variables where name = $1', [name])
  return rowCount === 1
}

/** The text of a variable, secret or not; null = there is none. Throws a SecretError. */
export async function readVariable(db: Queryable, name: string, secrets: SecretBox | null): Promise<string | null> {
  return (await readVariables(db, [name], secrets)).get(name) ?? null
}

/** Webhooks with the variables that they name, as `variables` of their configuration. */
export async function withVariables(db: Queryable, receivers: readonly Receiver[], secrets: SecretBox | null): Promise<Receiver[]> {
  const named = new Map(receivers.filter(({ kind }) => kind === 'webhook').map((receiver) => [receiver.name, namesIn(receiver.config)]))
  const names = [...new Set([...named.values()].flat())]
  if (names.length === 0) return [...receivers]
  try {
    const values = await readVariables(db, names, secrets)
    return receivers.map((receiver) => {
      const own = (named.get(receiver.name) ?? []).flatMap((name): [string, string][] => {
        const value = values.get(name)
        return value === undefined ? [] : [[name, value]]
      })
      return own.length === 0 ? receiver : { ...receiver, config: { ...receiver.config, variables: Object.fromEntries(own) } }
    })
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    const unreadable = `a variable of the webhook can't be read: ${error.message}`
    return receivers.map((receiver) => ((named.get(receiver.name) ?? []).length === 0 ? receiver : { ...receiver, config: { unreadable } }))
  }
}

function namesIn(config: Readonly<Record<string, unknown>>): string[] {
  const texts = Object.values(config).filter((value) => typeof value === 'string')
  return [...new Set(texts.flatMap(namesInPayload))]
}

async function readVariables(db: Queryable, names: readonly string[], secrets: SecretBox | null): Promise<Map<string, string>> {
  const { rows } = await db.query<{ name: string; value: string | null; sealed: string | null }>(
    'select name, value, sealed from webhook_variables where name = any($1::text[])',
    [names],
  )
  return new Map(rows.map(({ name, value, sealed }) => [name, sealed === null ? (value ?? '') : opened(name, sealed, secrets)]))
}

function stored({ name, value, isSecret }: VariableWrite, secrets: SecretBox | null): readonly [string | null, string | null] {
  if (!isSecret) return [value, null]
  if (secrets === null) throw new SecretError('TOCSIN_SECRET_KEY is not set')
  return [null, secrets.seal(value, aboutOf(name))]
}

function opened(name: string, sealed: string, secrets: SecretBox | null): string {
  if (secrets === null) throw new SecretError('TOCSIN_SECRET_KEY is not set')
  return secrets.open(sealed, aboutOf(name))
}

const aboutOf = (name: string): string => `webhook-variable:${name}`
