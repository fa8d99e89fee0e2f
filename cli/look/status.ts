/** `tocsin status`: whether the engine runs, and how its monitors are. Read next: ../doctor/command.ts, which looks for what is wrong. */
import type { Command } from 'commander'
import { z } from 'zod'
import { exitCodes } from '../codes.ts'
import { act, serverOptions, withServer } from '../command.ts'
import { countMonitors } from '../monitors/count.ts'
import { openServer } from '../server.ts'
import type { Terminal } from '../terminal.ts'

const ready = z.object({ status: z.string(), postgres: z.string(), temporal: z.string() })

export function addStatus(program: Command, terminal: Terminal): void {
  const command = withServer(program.command('status')).description(
    'whether the engine runs, and how its monitors are; ends with 3 if it doesn’t',
  )
  act(command, terminal, serverOptions, async ({ options }) => {
    const server = openServer(options)
    const said = ready.safeParse((await server.request('GET', '/ready')).body)
    const { status, postgres, temporal } = said.success ? said.data : unknown
    const isReady = status === 'ready'
    const { total, states } = isReady ? await countMonitors(server) : { total: 0, states: {} }
    if (options.json) terminal.say(JSON.stringify({ api: server.baseUrl, postgres, temporal, monitors: total, states }, null, 2))
    else {
      terminal.say(`API         ${server.baseUrl}, ${isReady ? 'ready' : 'not ready'}`)
      terminal.say(`PostgreSQL  ${postgres}`)
      terminal.say(`Temporal    ${temporal}`)
      const parts = Object.entries(states).map(([state, count]) => `${count} ${state}`)
      terminal.say(`monitors    ${[String(total), ...parts.sort()].join(', ')}`)
    }
    return isReady && temporal === 'reachable' ? exitCodes.done : exitCodes.unavailable
  })
}

const unknown = { status: 'unknown', postgres: 'unknown', temporal: 'unknown' } as const
