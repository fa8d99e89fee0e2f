/**
 * Two releases whose workflows give other commands: side by side, the older one simply gone, and back again. What PostgreSQL holds
 * afterwards is what one undisturbed run of step() decides. Read next: CONTRIBUTING.md ("Change a workflow"), test/support/next-release.ts.
 */
import { fileURLToPath } from 'node:url'
import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, test } from 'vitest'
import { reconcileActivities } from '../../activities/reconcile.ts'
import { reconcileStore } from '../../adapters/postgres/queries/reconcile.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { settle } from '../support/scripted-chaos.ts'
import { expectStatuses } from '../support/scripted-outcome.ts'
import { type Stage, startStage } from '../support/scripted-stage.ts'
import { quietRuntime } from '../support/temporal.ts'
import { until } from '../support/until.ts'

const seed = Number(process.env.TOCSIN_TEST_SEED ?? Date.now() % 1_000_000)
const monitorsCount = 5
/** Intervals are of one and two seconds. */
const progressMs = 2_000

let stage: Stage
const bundles = { old: '', next: '' }
beforeAll(async () => {
  quietRuntime()
  console.log(`seed ${seed}: TOCSIN_TEST_SEED repeats it`)
  stage = await startStage(seed, monitorsCount, () => null)
  const interceptors = fileURLToPath(new URL('../support/next-release.ts', import.meta.url))
  bundles.old = stage.save('old.js', (await bundleWorkflows()).code)
  bundles.next = stage.save('next.js', (await bundleWorkflows([interceptors])).code)
})
afterAll(() => stage?.close())

test('monitors are evaluated through a rolling deploy, without their old workers, and after a rollback', { timeout: 200_000 }, async () => {
  const begunMs = Date.now()
  await allGoOn('with the old release')
  await until('two workers', () => stage.crew.polling().length === 2)

  stage.crew.deploy(bundles.next)
  const [first] = stage.crew.polling()
  stage.crew.kill(first?.pid ?? 0)
  await until('both releases side by side', () => stage.crew.polling().length === 2)
  await allGoOn('with both releases')

  // Nobody is left who knows the old code only; nobody was told to stop.
  for (const { pid } of stage.crew.polling()) stage.crew.kill(pid)
  await allGoOn('without the old release')
  await until('every monitor to do it the new way', async () => {
    const ways = await Promise.all(stage.watched.map(({ monitorId }) => doesItTheNewWay(monitorId)))
    return ways.every(Boolean)
  })

  stage.crew.deploy(bundles.old)
  for (const { pid } of stage.crew.polling()) stage.crew.kill(pid)
  // The old code can't replay these histories: their workflows fail, and the reconciler starts others from what PostgreSQL holds.
  await allGoOn('after a rollback', sweep)

  const answers = await settle(stage)
  let transitions = 0
  for (const one of stage.watched) transitions += (await expectStatuses(stage, one, answers.get(one.monitorId))).transitions
  console.log(JSON.stringify({ seed, monitors: monitorsCount, transitions, totalMs: Date.now() - begunMs }))
})

/** Each is evaluated some slots further than it is now. */
async function allGoOn(when: string, meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  const fromMs = Date.now()
  const behind = new Set(stage.watched.map(({ monitorId }) => monitorId))
  await until(
    `every monitor to go on ${when}`,
    async () => {
      await meanwhile()
      for (const monitorId of behind) {
        const answer = await stage.runtime.state(monitorId).catch(() => null)
        if (answer !== null && answer.state.lastSlot > fromMs + progressMs) behind.delete(monitorId)
      }
      return behind.size === 0
    },
    60_000,
  )
}

async function doesItTheNewWay(monitorId: number): Promise<boolean> {
  const { events } = await stage.client.workflow.getHandle(`monitor-${monitorId}`).fetchHistory()
  return (events ?? []).some((event) => event.markerRecordedEventAttributes?.markerName === 'core_patch')
}

/** What the reconciler's own workflow does once a minute. */
async function sweep(): Promise<void> {
  const activities = reconcileActivities({ reconcile: reconcileStore(stage.pool), runtime: stage.runtime, clock: Date.now })
  await new MockActivityEnvironment().run(activities.reconcile, { full: true })
}
