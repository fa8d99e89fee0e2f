/** A program that judges us (Prometheus, Alertmanager), on a port of its own, until it is ended. */
import { spawn } from 'node:child_process'
import { freePort } from '../../cli/up/port.ts'
import type { temporaryFolder } from './folder.ts'
import { until } from './until.ts'

export type Judge = Readonly<{ url: string; close: () => Promise<void> }>

/** Runs in `folder`, which goes with it; resolves when it says that it is ready. `port`: one that is known already. */
export async function startJudge(
  name: string,
  program: string,
  args: readonly string[],
  folder: ReturnType<typeof temporaryFolder>,
  port?: number,
): Promise<Judge> {
  const address = `127.0.0.1:${port ?? (await freePort())}`
  const child = spawn(program, [...args, `--web.listen-address=${address}`, '--log.level=error'], {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://${address}`
  await until(`${name} to be ready`, () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return {
    url,
    close: async () => {
      if (child.exitCode === null) {
        const exit = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        await exit
      }
      folder.remove()
    },
  }
}
