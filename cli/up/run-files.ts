/**
 * What a start leaves in `<dataDir>/run` for the next one and for other commands: who runs, which children, which
 * addresses. So a supervisor that was killed leaves nothing that the next start can't clear away.
 * Never trusts a pid without its identity. Read next: main.ts.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { end, identify, isAlive, type ProcessRecord } from './processes.ts'

const processRecord = z.object({ pid: z.number().int().positive(), identity: z.string() })
const childRecord = processRecord.extend({ name: z.string(), stopSignal: z.enum(['SIGTERM', 'SIGINT']) })
const addressesRecord = z.object({ api: z.string(), temporal: z.string(), temporalUi: z.string().nullable() })

export type ChildRecord = z.infer<typeof childRecord>
export type Addresses = z.infer<typeof addressesRecord>

export type RunFiles = Readonly<{
  saveChildren: (children: readonly ChildRecord[]) => void
  saveAddresses: (addresses: Addresses) => void
  /** Gives the data directory free. */
  release: () => void
}>

/** An orphan gets this long to stop by itself: PostgreSQL writes a checkpoint meanwhile. */
const orphanTimeoutMs = 20_000

/** Takes the data directory, or rejects, naming who has it; ends what an earlier, killed start left running. */
export async function claimRun(dataDir: string, say: (line: string) => void): Promise<RunFiles> {
  const folder = join(dataDir, 'run')
  mkdirSync(folder, { recursive: true, mode: 0o750 })
  const supervisorFile = join(folder, 'supervisor.json')
  const childrenFile = join(folder, 'children.json')
  claim(supervisorFile, dataDir)
  const orphans = read(childrenFile, z.array(childRecord)) ?? []
  // Last started, first ended: whoever writes goes before what it writes to.
  for (const orphan of orphans.toReversed()) {
    if (await end(orphan, orphan.stopSignal, orphanTimeoutMs))
      say(`ended ${orphan.name} (process ${orphan.pid}), left by a start that was killed`)
  }
  return {
    saveChildren: (children) => write(childrenFile, children),
    saveAddresses: (addresses) => write(join(folder, 'addresses.json'), addresses),
    release: () => {
      for (const name of ['children.json', 'addresses.json', 'supervisor.json']) rmSync(join(folder, name), { force: true })
    },
  }
}

/** Where the running system listens; null if none runs on this data directory. */
export function readAddresses(dataDir: string): Addresses | null {
  return read(join(dataDir, 'run', 'addresses.json'), addressesRecord)
}

export function recordOf(pid: number): ProcessRecord | null {
  const identity = identify(pid)
  return identity === null ? null : { pid, identity }
}

function claim(file: string, dataDir: string): void {
  const own = JSON.stringify(recordOf(process.pid))
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, own, { flag: 'wx', mode: 0o640 })
      return
    } catch {
      const holder = read(file, processRecord)
      if (holder !== null && isAlive(holder)) {
        throw new Error(
          `Tocsin already runs on ${dataDir} (process ${holder.pid}). Stop it with Ctrl-C or \`kill ${holder.pid}\`, or set TOCSIN_DATA_DIR to another folder.`,
        )
      }
      rmSync(file, { force: true })
    }
  }
  throw new Error(`Can't write ${file}: may this user write to ${dataDir}?`)
}

function write(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o640 })
  renameSync(`${file}.new`, file)
}

/** A file that is missing, cut off or of another shape says nothing. */
function read<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}
