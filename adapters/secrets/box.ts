/**
 * Secrets at rest: AES-256-GCM under a key that isn't in the database. What a secret is about is bound to it, so that nobody who can write
 * rows makes one source speak with the password of another. Never logs, never keeps what it opened.
 * Read next: adapters/postgres/queries/sources.ts, config.ts (TOCSIN_SECRET_KEY).
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

export type SecretBox = Readonly<{
  /** The same text never gives the same again. `about` names what it belongs to, as `source:NAME`. */
  seal: (text: string, about: string) => string
  /** Throws a SecretError where no key of this process fits, or where it was changed or belongs to something else. */
  open: (sealed: string, about: string) => string
}>

/** Says why a secret can't be read, without any of it. */
export class SecretError extends Error {
  readonly code = 'unreadable-secret'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SecretError'
  }
}

const algorithm = 'aes-256-gcm'
/** As GCM wants it: 96 random bits for each secret. */
const nonceBytes = 12

/** Keys of 32 bytes each; the first seals, each may open: so keys can be changed. null = no keys, no secrets. */
export function secretBox(keys: readonly Buffer[]): SecretBox | null {
  const [first] = keys
  if (first === undefined) return null
  const byId = new Map(keys.map((key) => [idOf(key), key]))
  return {
    seal: (text, about) => seal(first, text, about),
    open: (sealed, about) => open(byId, sealed, about),
  }
}

function seal(key: Buffer, text: string, about: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return ['v1', idOf(key), ...[nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.')
}

function open(keys: ReadonlyMap<string, Buffer>, sealed: string, about: string): string {
  const [version, id = '', nonce = '', tag = '', text = ''] = sealed.split('.')
  const key = keys.get(id)
  if (version !== 'v1' || key === undefined) throw new SecretError('it was encrypted with another key than TOCSIN_SECRET_KEY has')
  try {
    const decipher = createDecipheriv(algorithm, key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 }).setAAD(Buffer.from(about))
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new SecretError('it was changed, or belongs to something else', { cause })
  }
}

/** Tells one key from another, and says nothing of it. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('tocsin key id').update(key).digest('base64url').slice(0, 8)
}
