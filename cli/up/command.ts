/** `tocsin up` and `tocsin demo`: what `npm start` and `npm run demo` run, where packages are installed already. Read next: main.ts. */
import type { Command } from 'commander'

export function addUp(program: Command): void {
  program
    .command('up')
    .description('the whole engine on this machine, until Ctrl-C; as npm start')
    .action(async () => {
      await import('./main.ts')
    })
  program
    .command('demo')
    .description('one incident, from metric to message; as npm run demo')
    .action(async () => {
      await import('../demo/main.ts')
    })
}
