import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { z } from 'zod'

const remembered = z.record(z.string(), z.number().int().min(1).max(65_535))

/** A TCP port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  return listenOnce('127.0.0.1', 0)
}

/** Nobody listens there, and this user may. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  return listenOnce(host, port).then(
    () => true,
    () => false,
  )
}

/** For each name the port of the last start if it is still free, else the wished one, else any; remembered in `file`. */
export async function choosePorts<Name extends string>(
  file: string,
  wishes: Readonly<Record<Name, number>>,
): Promise<Record<Name, number>> {
  const last = readRemembered(file)
  const chosen: Record<Name, number> = { ...wishes }
  const names: Name[] = []
  for (const name in wishes) names.push(name)
  for (const name of names) {
    const taken = new Set(names.slice(0, names.indexOf(name)).map((earlier) => chosen[earlier]))
    chosen[name] = await firstFree([last[name] ?? 0, wishes[name]], taken)
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(chosen)}\n`)
  return chosen
}

async function firstFree(candidates: readonly number[], taken: ReadonlySet<number>): Promise<number> {
  for (const port of candidates) if (port !== 0 && !taken.has(port) && (await isPortFree('127.0.0.1', port))) return port
  return freePort()
}

function readRemembered(file: string): Readonly<Record<string, number>> {
  try {
    return remembered.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}

async function listenOnce(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      const bound = address !== null && typeof address === 'object' ? address.port : 0
      server.close(() => resolve(bound))
    })
  })
}
