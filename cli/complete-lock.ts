/**
 * Completes package-lock.json with the packages of other systems. A registry mirror that serves only this system's makes npm
 * leave them out, and `npm ci` then refuses the lock file everywhere. Run after `npm install`: `npm run complete-lock`.
 * Never changes an entry that is there. Read next: test/check/lock.test.ts, which fails while one is missing.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

type Entry = Readonly<{ version?: string; dev?: boolean; optionalDependencies?: Readonly<Record<string, string>> }>
export type Lock = Readonly<{ packages: Readonly<Record<string, Entry>> }>

export type MissingPackage = Readonly<{ path: string; name: string; version: string; dev: boolean }>

/** Optional packages that the lock file knows of and has no entry for. */
export function missingPackages(lock: Lock): MissingPackage[] {
  const wanted = Object.values(lock.packages).flatMap((entry) =>
    Object.entries(entry.optionalDependencies ?? {}).map(([name, range]) => ({
      path: `node_modules/${name}`,
      name,
      version: range.replace(/^[\^~]/, ''),
      dev: entry.dev === true,
    })),
  )
  return wanted.filter(({ path, name }) => lock.packages[path] === undefined && platformOf(name) !== null)
}

/** `os`, `cpu` and `libc` as such packages declare them; null where the name tells none. */
export function platformOf(name: string): Readonly<{ os: string[]; cpu: string[]; libc?: string[] }> | null {
  const systems = ['darwin', 'linux', 'win32', 'windows', 'android', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony']
  const processors = ['arm64', 'x64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32']
  const words = name.replace(/^@[^/]+\//, '').split(/[-.]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined) return null
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu')) && os === 'linux'
      ? ['glibc']
      : null
  return { os: [os === 'windows' ? 'win32' : os], cpu: [cpu], ...(libc === null ? {} : { libc }) }
}

async function main(): Promise<void> {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url))
  const lock: Lock & Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'))
  const added = missingPackages(lock).map(({ path: key, name, version, dev }) => [
    key,
    { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true },
  ])
  const packages = Object.fromEntries([...Object.entries(lock.packages), ...added].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
  await writeFile(path, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
  console.log(`${added.length} packages of other systems added`)
}

if (import.meta.main) await main()
