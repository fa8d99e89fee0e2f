import { readFile, stat } from 'node:fs/promises'
import { parse } from 'yaml'
import { bodyBytesMax } from '../../contract/bounds.ts'

export type ReadMonitor = Readonly<{ ok: true; monitor: Readonly<Record<string, unknown>> } | { ok: false; error: string }>

/** A definition as the API takes it: JSON, or YAML. Whether it makes sense the API says. */
export async function readMonitor(file: string): Promise<ReadMonitor> {
  try {
    const { size } = await stat(file)
    if (size > bodyBytesMax) return { ok: false, error: `${file}: ${size} bytes are more than the ${bodyBytesMax} that the API takes` }
    const data: unknown = parse(await readFile(file, 'utf8'), { prettyErrors: true })
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      return { ok: false, error: `${file}: expected one monitor, as the API takes it` }
    return { ok: true, monitor: Object.fromEntries(Object.entries(data)) }
  } catch (error) {
    return { ok: false, error: `${file}: ${error instanceof Error ? error.message : String(error)}` }
  }
}
