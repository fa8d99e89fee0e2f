import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a check found. `details`: for people, one finding a line; also worth a line when all is well. */
export type CheckResult = Readonly<{ ok: boolean; details: string }>

export type Check = Readonly<{ name: string; run: () => Promise<CheckResult> }>

export const found = (findings: readonly string[], otherwise: string): CheckResult =>
  findings.length === 0 ? { ok: true, details: otherwise } : { ok: false, details: findings.join('\n') }

export type ToolOutput = Readonly<{ code: number; output: string; errors: string }>

const binaries = join(root, 'node_modules', '.bin')

/** Runs a program of node_modules/.bin on the Node that came with the project. Rejects if there is no such program. */
export async function runTool(program: string, args: readonly string[], cwd: string = root): Promise<ToolOutput> {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`, NO_COLOR: '1' }
    const child = spawn(join(binaries, program), [...args], { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    child.once('error', reject)
    child.once('close', (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(output).toString(), errors: Buffer.concat(errors).toString() }),
    )
  })
}

/** A tool whose exit code is the answer and whose output is the reason. */
export function toolCheck(name: string, program: string, args: readonly string[]): Check {
  return {
    name,
    run: async () => {
      const { code, output, errors } = await runTool(program, args)
      return { ok: code === 0, details: code === 0 ? '' : `${output}${errors}`.trim() }
    },
  }
}
