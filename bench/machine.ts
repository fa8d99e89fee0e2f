import { execFile } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'
import type { Circumstances } from './report.ts'

const run = promisify(execFile)

/** Under what a run's figures came about. */
export async function describeCircumstances(root: string): Promise<Circumstances> {
  const [cpu] = cpus()
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } })
  return {
    date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    machine: `${cpus().length} cores (${cpu?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`,
    software: `Tocsin ${manifest.version}, Node ${process.versions.node}, Temporal SDK ${manifest.dependencies['@temporalio/worker']}`,
    commit: await commitOf(root),
    // What else ran here shows in every figure.
    load: loadavg()
      .map((value) => value.toFixed(2))
      .join(', '),
  }
}

/** With a remark where files differ from the commit. */
async function commitOf(root: string): Promise<string> {
  try {
    const { stdout: hash } = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: root })
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--', '.', ':!bench/RESULTS.md', ':!docs/capacity.md'], {
      cwd: root,
    })
    return changes === '' ? hash.trim() : `${hash.trim()}, with uncommitted changes`
  } catch {
    return 'unknown (no git)'
  }
}
