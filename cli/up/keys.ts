import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const keys = z.object({ apiKey: z.string().min(16), appKey: z.string().min(16) })

export type Keys = Readonly<z.infer<typeof keys>>
export type GivenKeys = Readonly<{ apiKey: string | null; appKey: string | null }>

/** The keys of a data directory; those given in the environment come first. null = there are none yet. */
export function readKeys(dataDir: string, given: GivenKeys): Keys | null {
  const file = fileOf(dataDir)
  const stored = existsSync(file) ? parseKeys(file) : null
  const apiKey = given.apiKey ?? stored?.apiKey
  const appKey = given.appKey ?? stored?.appKey
  return apiKey === undefined || appKey === undefined ? null : { apiKey, appKey }
}

/** As readKeys; makes what is missing, once, readable by this user alone. `generated` = they were made now. */
export function ensureKeys(dataDir: string, given: GivenKeys): Readonly<{ keys: Keys; generated: boolean }> {
  const found = readKeys(dataDir, given)
  if (found !== null) return { keys: found, generated: false }
  // As long as Datadog's: clients check the length.
  const made = { apiKey: randomBytes(16).toString('hex'), appKey: randomBytes(20).toString('hex') }
  writeFileSync(fileOf(dataDir), `${JSON.stringify(made)}\n`, { mode: 0o600 })
  chmodSync(fileOf(dataDir), 0o600)
  return { keys: { apiKey: given.apiKey ?? made.apiKey, appKey: given.appKey ?? made.appKey }, generated: true }
}

/** Random, made once; for what only this data directory's own processes need to know. */
export function ensureSecret(file: string): string {
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(16).toString('hex')}\n`, { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

/** What encrypts secrets in the database. Made once: without it, what was encrypted can't be read any more. */
export function ensureSecretKey(dataDir: string): string {
  const file = join(dataDir, 'secret.key')
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8').trim()
}

const fileOf = (dataDir: string): string => join(dataDir, 'keys.json')

function parseKeys(file: string): Keys {
  try {
    return keys.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new Error(`${file} can't be read as {"apiKey": …, "appKey": …}: mend it, or delete it to get new keys.`, { cause: error })
  }
}
