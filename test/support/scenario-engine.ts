/**
 * Takes scenarios through the real monitor workflow on a time-skipping server: scripted source, stores in memory, every
 * action at its planned time. All scenarios of one engine run side by side under ids of their own, so time passes once.
 * Read next: core/scenario/plan.ts.
 */

import type { WorkflowHandle } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { fixedSources } from '../../activities/fixed-sources.ts'
import { createActivities } from '../../activities/index.ts'
import { type Datasource, SourceError } from '../../activities/ports.ts'
import { dataConverter } from '../../adapters/temporal/codec.ts'
import { monitorTypes } from '../../contract/types.ts'
import { assertNever } from '../../core/assert.ts'
import type { MonitorState } from '../../core/monitor/types.ts'
import { type PlannedAction, planScenario, type ScenarioPlan, type Stage } from '../../core/scenario/plan.ts'
import { placed, type ScenarioRun } from '../../core/scenario/run.ts'
import type { Scenario } from '../../core/scenario/types.ts'
import { taskQueues } from '../../core/schedule/queues.ts'
import { slotAfter } from '../../core/schedule/slots.ts'
import { acknowledgeUpdate, resolveUpdate, type StateAnswer, stateQuery, workflowIdOf } from '../../workflows/messages.ts'
import { memoryCauses } from './memory-causes.ts'
import { memoryDowntimes } from './memory-downtimes.ts'
import { type MemoryPorts, memoryPorts } from './memory-ports.ts'
import { until } from './until.ts'

export type EngineRun = ScenarioRun & Readonly<{ stage: Stage; ledger: StateAnswer['ledger'] }>

/** Not 1, so that no scenario leans on the id that files are dated by. */
const firstMonitorId = 7_000
/**
 * Short runs, so that most scenarios live through continue-as-new. Those in which somebody does something have one run each:
 * where a message makes a run continue as new, the clock of this server stops (of the real one it doesn't).
 */
const evaluationsPerRun = { quiet: 5, handled: 1_000 } as const
/** Several batches for each outage. */
const catchUpBatchMax = 4
/** After a slot has come: a monitor that is started then judges it at once. */
const startedAfterMs = 1_000

/** Few times of a schedule at once, so that most scenarios run out of them and ask for more. */
const agendaTaken = 3

type Crew = Readonly<{ taskQueue: string; ports: MemoryPorts }>
type Play = {
  readonly scenario: Scenario
  readonly stage: Stage
  readonly plan: ScenarioPlan
  readonly handle: WorkflowHandle
  readonly crew: Crew
  answer: StateAnswer | null
}
type Deed = Readonly<{ at: number; play: Play; act: () => Promise<void> }>

/** One outcome for each scenario, in their order. */
export async function runOnEngine(
  environment: TestWorkflowEnvironment,
  bundle: WorkflowBundleWithSourceMap,
  scenarios: readonly Scenario[],
): Promise<EngineRun[]> {
  const plays: Play[] = []
  const quiet = crewOf('quiet', plays)
  const handled = crewOf('handled', plays)
  const notifying: Crew = { ...quiet, taskQueue: taskQueues.notify }
  const workers = await Promise.all([quiet, handled, notifying].map((crew) => workerOf(environment, bundle, crew)))
  const running = workers.map((worker) => worker.run())
  try {
    const now = await environment.currentTimeMs()
    for (const scenario of scenarios) {
      const crew = scenario.actions.length === 0 ? quiet : handled
      plays.push(playOf(environment, crew, scenario, firstMonitorId + plays.length, now))
    }
    const deeds = plays.flatMap((play) => deedsOf(environment, play)).sort((one, other) => one.at - other.at)
    for (const deed of deeds) {
      const waitMs = deed.at - (await environment.currentTimeMs())
      if (waitMs > 0) await environment.sleep(waitMs)
      await deed.act()
    }
    return plays.map((play) => runOf(play))
  } finally {
    await Promise.all(plays.map(({ handle }) => handle.terminate('the test is over').catch(() => {})))
    for (const worker of workers) worker.shutdown()
    await Promise.all(running)
  }
}

function crewOf(kind: keyof typeof evaluationsPerRun, plays: readonly Play[]): Crew {
  const bounds = { evaluationsPerRun: evaluationsPerRun[kind], catchUpBatchMax }
  const playOf = (monitorId: number): Play | undefined => plays.find(({ stage }) => stage.monitorId === monitorId)
  const scripted: Pick<MemoryPorts, 'sources' | 'downtimes' | 'causes' | 'recurrences'> = {
    sources: fixedSources([scenarioSource(plays)]),
    downtimes: memoryDowntimes(() =>
      plays.flatMap(({ plan, stage }) => plan.downtimes.map((planned) => ({ ...planned, monitorId: stage.monitorId, monitorTags: ['*'] }))),
    ),
    causes: memoryCauses((monitorId) => playOf(monitorId)?.plan.causes ?? []),
    // The rule of a scripted schedule is the id of its monitor.
    recurrences: {
      times: ({ rrule }, afterMs, untilMs, count) =>
        (playOf(Number(rrule))?.plan.agenda ?? [])
          .filter((time) => time > afterMs && (untilMs === null || time <= untilMs))
          .slice(0, Math.min(count, agendaTaken)),
    },
  }
  return { taskQueue: `scenarios-${kind}`, ports: { ...memoryPorts(() => ({}), bounds), ...scripted } }
}

function workerOf(
  environment: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundleWithSourceMap,
  { taskQueue, ports }: Crew,
): Promise<Worker> {
  return Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle,
    activities: createActivities(ports),
    dataConverter,
    // All of them at once: without a cache, this many workflows in one worker block each other.
    maxCachedWorkflows: 1_000,
  })
}

function playOf(environment: TestWorkflowEnvironment, crew: Crew, scenario: Scenario, monitorId: number, now: number): Play {
  const { spec } = planScenario(scenario, { monitorId, firstSlot: now })
  // A schedule's first slot is waited for; the grid's has just passed when the monitor starts.
  const firstSlot = scenario.agenda === null ? slotAfter(monitorId, spec.intervalMs, now) : now + 2 * startedAfterMs
  const stage = { monitorId, firstSlot }
  const handle = environment.client.workflow.getHandle(workflowIdOf(monitorId))
  return { scenario, stage, plan: planScenario(scenario, stage), handle, crew, answer: null }
}

/** All that must be done for one scenario, and when. */
function deedsOf(environment: TestWorkflowEnvironment, play: Play): Deed[] {
  const { scenario, stage, plan, handle, crew } = play
  const { monitorId } = stage
  const start = async (): Promise<void> => {
    await environment.client.workflow.start('monitor', {
      taskQueue: crew.taskQueue,
      workflowId: workflowIdOf(monitorId),
      args: [{ monitorId }],
    })
  }
  const halfway = (slot: number): number => ((plan.slots[slot] ?? 0) + (plan.slots[slot + 1] ?? plan.endsAt)) / 2
  const first: Deed = {
    at: scenario.agenda === null ? stage.firstSlot + startedAfterMs : stage.firstSlot - startedAfterMs,
    play,
    act: async () => {
      crew.ports.monitors.define(specFor(plan.spec))
      await start()
    },
  }
  const outages = scenario.outages.flatMap(({ first: from, last }): Deed[] => [
    { at: halfway(from - 1), play, act: async () => void (await handle.terminate('the engine is down')) },
    { at: halfway(last), play, act: start },
  ])
  const actions = plan.actions.map((action): Deed => ({ at: action.at, play, act: () => perform(play, action) }))
  const end: Deed = {
    // Well after what was done last: this server lets no time pass once it saw a workflow end in the middle of a task.
    at: plan.endsAt,
    play,
    act: async () => {
      play.answer = await settled(play)
      await handle.terminate('the scenario is over')
    },
  }
  return [first, ...outages, ...actions, end]
}

async function perform({ handle, stage, crew }: Play, action: PlannedAction): Promise<void> {
  const heard = (what: (state: MonitorState) => boolean): Promise<unknown> =>
    until(`${action.kind} of monitor ${stage.monitorId}`, async () => what((await handle.query(stateQuery)).state))
  switch (action.kind) {
    case 'respecify':
      crew.ports.monitors.define(specFor(action.spec))
      await handle.signal('respecify', { version: action.spec.version })
      await heard((state) => state.spec.version === action.spec.version)
      return
    case 'resolve':
      await handle.executeUpdate(resolveUpdate, { args: [{ groups: action.groups }] })
      return
    case 'acknowledge':
      await handle.executeUpdate(acknowledgeUpdate, { args: [{ groups: action.groups, said: action.said }] })
      return
    case 'pause':
      await handle.signal('pause')
      await heard((state) => state.paused)
      return
    case 'resume':
      await handle.signal('resume')
      await heard((state) => !state.paused)
      return
    default:
      assertNever(action)
  }
}

/** The source is scripted and reads no query: the text tells it whose slots are asked for. */
function specFor(spec: ScenarioPlan['spec']): ScenarioPlan['spec'] {
  return {
    ...spec,
    query: String(spec.monitorId),
    schedule: spec.schedule === null ? null : { ...spec.schedule, rrule: String(spec.monitorId) },
  }
}

function scenarioSource(plays: readonly Play[]): Datasource {
  return {
    types: monitorTypes,
    query: async ({ query, slots }) => {
      const play = plays.find(({ stage }) => String(stage.monitorId) === query)
      if (play === undefined) throw new TypeError(`nobody scripted monitor ${query}`)
      return slots.map((slot) => {
        const reading = play.scenario.slots[play.plan.slots.indexOf(slot)]
        if (reading === undefined) throw new TypeError(`monitor ${query} asked for ${slot}, which is none of its slots`)
        if (reading.kind === 'failed') throw new SourceError('unreachable', reading.reason)
        if (reading.kind === 'skipped') return { slot, values: {}, skipped: reading.reason }
        return { slot, values: reading.values, partial: reading.partial }
      })
    },
  }
}

/** The state once all that it decided is stored. */
function settled({ handle, stage, plan, crew: { ports } }: Play): Promise<StateAnswer> {
  const lastSlot = plan.slots.at(-1) ?? 0
  return until(`the last slot of monitor ${stage.monitorId}`, async () => {
    const answer = await handle.query(stateQuery)
    const { state } = answer
    return (state.paused || state.lastSlot >= lastSlot) && ports.monitors.transitions(stage.monitorId).length === state.sequence && answer
  })
}

function runOf({ plan, stage, answer, crew: { ports } }: Play): EngineRun {
  if (answer === null) throw new TypeError(`monitor ${stage.monitorId} gave no answer`)
  const transitions = placed(plan, ports.monitors.transitions(stage.monitorId))
  return { plan, stage, transitions, state: withoutCode(answer.state), ledger: answer.ledger }
}

/** The engine says why a source failed as `code: reason`; a file says the reason. */
function withoutCode(state: MonitorState): MonitorState {
  const { health } = state
  return health.kind === 'failing' ? { ...state, health: { ...health, reason: health.reason.replace(/^unreachable: /, '') } } : state
}
