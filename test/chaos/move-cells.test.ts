/**
 * Monitors go from one cell to the other and back under load, while workers are killed and whoever moves them dies between any two of
 * its steps. What PostgreSQL holds afterwards is what one undisturbed run of step() decides. Read next: api/routes/cells.ts.
 */
import { afterAll, beforeAll, test } from 'vitest'
import { transaction } from '../../adapters/postgres/pool.ts'
import { places, takeToCell } from '../../adapters/postgres/queries/cells.ts'
import { settle } from '../support/scripted-chaos.ts'
import { expectDelivered, expectStatuses } from '../support/scripted-outcome.ts'
import { mixed } from '../support/scripted-random.ts'
import { runtimeMonitor, type Stage, startStage } from '../support/scripted-stage.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)
const monitorsCount = 5
const movesCount = 6
const movesPerKill = 3

let stage: Stage
beforeAll(async () => {
  quietRuntime()
  console.log(`seed ${seed}: TOCSIN_TEST_SEED repeats it`)
  stage = await startStage(seed, monitorsCount, () => null, 2)
})
afterAll(() => stage?.close())

/** Where whoever moves a monitor may die: before it tells Temporal, before it ends the old workflow, or not at all. */
const deaths = ['after-the-row', 'after-the-start', 'never'] as const

test('monitors that are moved under load lose no transition and double none', { timeout: 300_000 }, async () => {
  const begunMs = Date.now()
  await until('two workers', () => stage.crew.polling().length === 2, 120_000)
  const moves: Record<(typeof deaths)[number], number> = { 'after-the-row': 0, 'after-the-start': 0, never: 0 }
  for (let nth = 0; nth < movesCount; nth += 1) {
    const death = deaths[nth % deaths.length] ?? 'never'
    const monitorId = stage.watched[mixed(seed, nth) % monitorsCount]?.monitorId ?? 0
    if (nth % movesPerKill === 0) stage.crew.kill(stage.crew.polling()[0]?.pid ?? 0)
    await move(monitorId, death)
    moves[death] += 1
    // It goes on where it lives now, whoever brought it there: the next move meets it at work.
    const movedAt = Date.now()
    await until(`monitor ${monitorId} to go on`, async () => ((await lastSlotOf(monitorId)) ?? 0) > movedAt - 1_000, 60_000)
  }
  const answers = await settle(stage)
  let transitions = 0
  const messageIds: string[] = []
  for (const one of stage.watched) {
    const outcome = await expectStatuses(stage, one, answers.get(one.monitorId))
    transitions += outcome.transitions
    messageIds.push(...outcome.messageIds)
  }
  await expectDelivered(stage, messageIds)
  console.log(JSON.stringify({ seed, moves, transitions, totalMs: Date.now() - begunMs }))
})

const lastSlotOf = async (monitorId: number): Promise<number | null> =>
  stage.runtime.state(monitorId).then(
    ({ state }) => state.lastSlot,
    () => null,
  )

async function move(monitorId: number, death: (typeof deaths)[number]): Promise<void> {
  const to = (await places(stage.pool).cellOf(monitorId)) === 'default' ? 'other' : 'default'
  const [moved] = await transaction(stage.pool, (client) => takeToCell(client, { ids: [monitorId] }, to))
  if (moved === undefined || death === 'after-the-row') return
  // The routed runtime starts it where it lives now.
  if (death === 'after-the-start') await stage.cells.routed.start(runtimeMonitor(monitorId, moved.version)).catch(() => {})
  else await stage.cells.follow(moved, moved.from, to)
}
