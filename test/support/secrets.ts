import { secretBox } from '../../adapters/secrets/box.ts'

const key = Buffer.alloc(32, 7)

/** Seals with a key that only tests have. */
export const testSecrets = secretBox([key])
/** The same for a process of its own: the value of TOCSIN_SECRET_KEY. */
export const testSecretKey = key.toString('base64')
