/**
 * As root, PostgreSQL runs as another user, who must be able to reach its data folder and its programs. Answers which
 * user that is, what it can reach, and where to put things instead.
 * Never loosens the mode of a folder that it didn't make. Read next: postgres.ts.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export type SystemUser = Readonly<{ uid: number; gid: number }>

/** Where a system keeps the state of its services; its ancestors are open to everybody. */
const systemFolder = '/var/lib/tocsin'

/** Whom PostgreSQL must run as: null = the present user, who isn't root. Creates the user `postgres` if there is none. */
export function postgresUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null
  const found = lookUp('postgres') ?? (createUser() ? lookUp('postgres') : null) ?? lookUp('nobody')
  if (found === null)
    throw new Error(
      'PostgreSQL refuses to run as root, and the user `postgres` could not be made: make it (`useradd postgres`) and start again.',
    )
  return found
}

/** `folder` itself if `user` can get there, else one of the same purpose in a place that everybody can enter. */
export function reachableFolder(folder: string, user: SystemUser | null): string {
  if (user === null || canEnter(dirname(resolve(folder)), user)) return resolve(folder)
  const hash = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 12)
  return join(systemFolder, `${basename(folder)}-${hash}`)
}

/** `folder` itself if `user` can run what is in it, else a copy of it, made once per `version`. */
export function reachableCopy(folder: string, version: string, user: SystemUser | null): string {
  if (user === null || canEnter(folder, user)) return folder
  const target = join(systemFolder, `postgres-${version}`)
  if (existsSync(target)) return target
  const beside = `${target}.${process.pid}`
  makePassableFolder(systemFolder)
  cpSync(folder, beside, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(beside, target)
  } catch (error) {
    // Another start may have put the same copy there meanwhile.
    rmSync(beside, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}

/** Makes `folder` and what is missing above it, so that everybody may pass and nobody but the owner may list. */
export function makePassableFolder(folder: string): void {
  const path = resolve(folder)
  if (existsSync(path)) return
  makePassableFolder(dirname(path))
  mkdirSync(path)
  chmodSync(path, 0o711)
}

/** Every folder from the root down to `folder` lets `user` pass. Missing ones will be made passable. */
export function canEnter(folder: string, user: SystemUser): boolean {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if (existsSync(path) && !mayPass(path, user)) return false
    if (path === dirname(path)) return true
  }
}

function mayPass(path: string, user: SystemUser): boolean {
  const { mode, uid, gid } = statSync(path)
  if (uid === user.uid) return (mode & 0o100) !== 0
  if (gid === user.gid) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}

function lookUp(name: string): SystemUser | null {
  try {
    const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return null
  }
}

/** `useradd` on most systems, `adduser` where BusyBox stands for everything. */
function createUser(): boolean {
  const attempts = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'],
    ['adduser', '-S', '-D', '-H', 'postgres'],
  ]
  return attempts.some(([command = '', ...args]) => {
    try {
      execFileSync(command, args, { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}
