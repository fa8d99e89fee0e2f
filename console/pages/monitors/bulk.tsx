/** What can be done to the chosen monitors, one after the other, with the outcome of each. */
import { useState } from 'react'
import { deleteMonitor, type ListedMonitor, muteMonitor, resolveMonitor, unmuteMonitor } from '../../data/monitors.ts'
import { useCommands } from '../../shell/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'
import './bulk.css'
import { MuteDialog } from './mute-dialog.tsx'

/** The API answers others meanwhile. */
const sideBySide = 6

type Given = Readonly<{ chosen: ReadonlyMap<number, ListedMonitor>; onDone: () => void; onClear: () => void }>

export function Bulk({ chosen, onDone, onClear }: Given) {
  const [asking, setAsking] = useState<'mute' | 'delete' | null>(null)
  const [doing, setDoing] = useState<string | null>(null)
  const monitors = [...chosen.values()]
  const count = monitors.length

  const doAll = async (past: string, act: (monitor: ListedMonitor) => Promise<unknown>): Promise<void> => {
    setAsking(null)
    const problems = await inTurns(monitors, act, (done) => setDoing(`${done} of ${count}`))
    setDoing(null)
    if (problems.length < count) sayDone(`${count - problems.length} ${past}`)
    const [problem] = problems
    if (problem !== undefined) sayProblem(problem.error, `${problems.length} not ${past}, as ${problem.monitor.name}`)
    onDone()
  }
  const resolve = (): void => void doAll('resolved', ({ id }) => resolveMonitor(id))
  const commands = [
    { id: 'bulk-mute', label: 'Mute what is chosen', group: 'Monitors', keys: 'm', run: () => setAsking('mute') },
    { id: 'bulk-resolve', label: 'Resolve what is chosen', group: 'Monitors', keys: 'r', run: resolve },
    { id: 'bulk-clear', label: 'Choose nothing', group: 'Monitors', keys: 'Escape', run: onClear },
  ]
  useCommands(count === 0 ? [] : commands)
  if (count === 0) return null
  return (
    <div className="bulk" role="toolbar" aria-label="What is chosen">
      <strong>{doing ?? `${count} chosen`}</strong>
      <Button icon="muted" busy={doing !== null} onClick={() => setAsking('mute')}>
        Mute
      </Button>
      <Button icon="bell" busy={doing !== null} onClick={() => void doAll('unmuted', ({ id }) => unmuteMonitor(id))}>
        Unmute
      </Button>
      <Button icon="check" busy={doing !== null} onClick={resolve}>
        Resolve
      </Button>
      <Button kind="danger" busy={doing !== null} onClick={() => setAsking('delete')}>
        Delete
      </Button>
      <Button kind="quiet" icon="close" aria-label="Choose nothing" onClick={onClear} />
      {asking === 'mute' ? (
        <MuteDialog
          what={nameOf(monitors)}
          onClose={() => setAsking(null)}
          onMute={(end) => void doAll('muted', ({ id }) => muteMonitor(id, end))}
        />
      ) : null}
      {asking === 'delete' ? (
        <DeleteDialog
          monitors={monitors}
          onClose={() => setAsking(null)}
          onDelete={() => void doAll('deleted', ({ id }) => deleteMonitor(id))}
        />
      ) : null}
    </div>
  )
}

/** So many names before the rest is a number. */
const namesShown = 6

function DeleteDialog({
  monitors,
  onClose,
  onDelete,
}: Readonly<{ monitors: readonly ListedMonitor[]; onClose: () => void; onDelete: () => void }>) {
  const actions = (
    <>
      <Button onClick={onClose}>Keep</Button>
      <Button kind="danger" onClick={onDelete}>
        Delete {nameOf(monitors)}
      </Button>
    </>
  )
  return (
    <Dialog title={`Delete ${nameOf(monitors)}?`} onClose={onClose} actions={actions}>
      <p>They stop at once, and nobody hears of what they fire for. What they did stays readable.</p>
      <ul className="soft">
        {monitors.slice(0, namesShown).map(({ id, name }) => (
          <li key={id} className="cut">
            {name}
          </li>
        ))}
        {monitors.length > namesShown ? <li>and {monitors.length - namesShown} more</li> : null}
      </ul>
    </Dialog>
  )
}

const nameOf = (monitors: readonly unknown[]): string => (monitors.length === 1 ? 'one monitor' : `${monitors.length} monitors`)

type Failed = Readonly<{ monitor: ListedMonitor; error: unknown }>

async function inTurns(
  monitors: readonly ListedMonitor[],
  act: (monitor: ListedMonitor) => Promise<unknown>,
  onProgress: (done: number) => void,
): Promise<Failed[]> {
  const waiting = [...monitors]
  const problems: Failed[] = []
  let done = 0
  const worker = async (): Promise<void> => {
    for (let monitor = waiting.shift(); monitor !== undefined; monitor = waiting.shift()) {
      try {
        await act(monitor)
      } catch (error) {
        problems.push({ monitor, error })
      }
      done += 1
      onProgress(done)
    }
  }
  await Promise.all(Array.from({ length: sideBySide }, worker))
  return problems
}
