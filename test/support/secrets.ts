import { secretBox } from '../../adapters/secrets/box.ts'

/** Seals with a key that only tests have. */
export const testSecrets = secretBox([Buffer.alloc(32, 7)])
