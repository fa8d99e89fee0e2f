import { sentencesOfError } from '../http/client.ts'

/** What the API refused of one field, without its name. `path`: as `config.url`. undefined = nothing. */
export function errorAt(error: unknown, path: string): string | undefined {
  if (error === null) return undefined
  const start = `${path}: `
  return sentencesOfError(error)
    .find((sentence) => sentence.startsWith(start))
    ?.slice(start.length)
}
