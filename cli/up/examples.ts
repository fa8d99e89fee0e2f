/**
 * Applies the example monitors: each file under its own name as key, created or updated, never twice.
 * Never undoes what a user did: a file is applied again only when the file changed. Read next: examples/README.md.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { errorsOf, type HttpClient } from '../http.ts'

const appliedRecord = z.object({ database: z.string(), digests: z.record(z.string(), z.string()) })

export type ApplyOptions = Readonly<{
  folder: string
  /** Remembers what was applied to which database. */
  recordFile: string
  /** Tells one database from another, so that a new one gets the examples anew. */
  database: string
  client: HttpClient
}>

export type Applied = Readonly<{ applied: readonly string[]; unchanged: readonly string[]; refused: readonly string[] }>

export async function applyExamples(options: ApplyOptions): Promise<Applied> {
  const digests = readRecord(options)
  const applied: string[] = []
  const unchanged: string[] = []
  const refused: string[] = []
  for (const { key, text } of readExamples(options.folder, options.client.baseUrl)) {
    const digest = createHash('sha256').update(text).digest('hex')
    if (digests[key] === digest) {
      unchanged.push(key)
      continue
    }
    const answer = await options.client.request('PUT', `/api/v2/monitor/by-key/${encodeURIComponent(key)}`, JSON.parse(text))
    if (answer.status >= 300) {
      refused.push(`${key}: ${errorsOf(answer)}`)
      continue
    }
    applied.push(key)
    digests[key] = digest
  }
  writeFileSync(options.recordFile, `${JSON.stringify({ database: options.database, digests })}\n`)
  return { applied, unchanged, refused }
}

/** Files in order of name, with the API's address filled in. */
export function readExamples(folder: string, apiUrl: string): Readonly<{ key: string; text: string }>[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => ({
    key: basename(name, '.json'),
    text: readFileSync(join(folder, name), 'utf8').replaceAll(addressPlaceholder, apiUrl),
  }))
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: what stands in the files
const addressPlaceholder = '${TOCSIN_API_URL}'

function readRecord(options: ApplyOptions): Record<string, string> {
  try {
    const record = appliedRecord.parse(JSON.parse(readFileSync(options.recordFile, 'utf8')))
    return record.database === options.database ? record.digests : {}
  } catch {
    return {}
  }
}
