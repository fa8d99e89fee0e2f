/** What can be done to the monitor: by buttons, keys and the palette alike. Read next: ../../data/monitor.ts, mute-dialog.tsx. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '../../data/keys.ts'
import { acknowledge, evaluateNow, type Monitor, type MonitorStatus, muteScope, setPaused } from '../../data/monitor.ts'
import { deleteMonitor, resolveMonitor, unmuteMonitor } from '../../data/monitors.ts'
import { navigate } from '../../router/location.ts'
import { type Command, useCommands } from '../../shell/commands.ts'
import { Button } from '../../ui/button.tsx'
import type { IconName } from '../../ui/icon.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'
import { AckDialog } from './ack-dialog.tsx'
import './actions.css'
import { DeleteDialog } from './delete-dialog.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { MuteDialog } from './mute-dialog.tsx'

type Asking = 'mute' | 'acknowledge' | 'export' | 'delete'
type Given = Readonly<{ monitor: Monitor; status: MonitorStatus | undefined; group: string | null; muted: boolean }>
type Action = Readonly<{ id: string; label: string; icon: IconName; keys?: string; run: () => void; shown?: boolean; danger?: boolean }>

export function Actions({ monitor, status, group, muted }: Given) {
  const { id, name, overall_state: state } = monitor
  const [asking, setAsking] = useState<Asking | null>(null)
  const [doing, setDoing] = useState<string | null>(null)
  const client = useQueryClient()

  const act = async (what: string, done: string, run: () => Promise<unknown>): Promise<void> => {
    setAsking(null)
    setDoing(what)
    try {
      await run()
      sayDone(done)
      await client.invalidateQueries({ queryKey: keys.monitors })
    } catch (error) {
      sayProblem(error, what)
    } finally {
      setDoing(null)
    }
  }
  const remove = async (): Promise<void> => {
    await deleteMonitor(id)
    navigate('/monitors')
  }
  const paused = status?.paused === true
  const isOk = state === 'OK'
  const workflow = status?.workflow.url ?? null

  const actions: readonly Action[] = [
    muted
      ? { id: 'unmute', label: 'Unmute', icon: 'bell', keys: 'm', run: () => void act('Unmuting', 'Unmuted', () => unmuteMonitor(id)) }
      : { id: 'mute', label: 'Mute', icon: 'muted', keys: 'm', run: () => setAsking('mute') },
    { id: 'acknowledge', label: 'Acknowledge', icon: 'check', keys: 'a', shown: !isOk, run: () => setAsking('acknowledge') },
    {
      id: 'resolve',
      label: 'Resolve',
      icon: 'check',
      keys: 'r',
      shown: !isOk,
      run: () => void act('Resolving', 'Resolved', () => resolveMonitor(id)),
    },
    {
      id: 'evaluate',
      label: 'Evaluate now',
      icon: 'play',
      keys: 'e',
      run: () => void act('Evaluating', 'Evaluated', () => evaluateNow(id)),
    },
    { id: 'edit', label: 'Edit', icon: 'edit', keys: 'E', run: () => navigate(`/monitors/${id}/edit`) },
    { id: 'clone', label: 'Clone', icon: 'copy', run: () => navigate(`/monitors/new?from=${id}`) },
    { id: 'export', label: 'Export', icon: 'file', keys: 'x', run: () => setAsking('export') },
    {
      id: 'pause',
      label: paused ? 'Resume' : 'Pause',
      icon: paused ? 'play' : 'pause',
      run: () => void act(paused ? 'Resuming' : 'Pausing', paused ? 'Resumed' : 'Paused', () => setPaused(id, !paused)),
    },
    {
      id: 'workflow',
      label: 'Workflow in Temporal',
      icon: 'out',
      shown: workflow !== null,
      run: () => window.open(workflow ?? '', '_blank', 'noopener'),
    },
    { id: 'delete', label: 'Delete', icon: 'trash', danger: true, run: () => setAsking('delete') },
  ]
  const shown = actions.filter(({ shown: is }) => is !== false)
  useCommands(shown.map(commandOf))
  const button = ({ id: key, label, icon, keys: letters, run, danger = false }: Action) => (
    <Button
      key={key}
      icon={icon}
      kind={danger ? 'danger' : 'plain'}
      busy={doing !== null}
      title={letters === undefined ? label : `${label} ( ${letters} )`}
      onClick={run}
    >
      {label}
    </Button>
  )
  const close = (): void => setAsking(null)
  return (
    <div className="actions" role="toolbar" aria-label="What can be done">
      {shown.map(button)}
      {asking === 'mute' ? (
        <MuteDialog what={name} group={group} onClose={close} onMute={(mute) => void act('Muting', 'Muted', () => muteScope(id, mute))} />
      ) : null}
      {asking === 'acknowledge' ? (
        <AckDialog
          group={group}
          onClose={close}
          onAcknowledge={(said) => void act('Acknowledging', 'Acknowledged', () => acknowledge(id, said))}
        />
      ) : null}
      {asking === 'export' ? <ExportDialog id={id} onClose={close} /> : null}
      {asking === 'delete' ? (
        <DeleteDialog name={name} onClose={close} onDelete={() => void act('Deleting', `${name} is deleted`, remove)} />
      ) : null}
    </div>
  )
}

const commandOf = ({ id, label, keys: letters, run }: Action): Command => ({
  id: `monitor-${id}`,
  label,
  group: 'This monitor',
  ...(letters === undefined ? {} : { keys: letters }),
  run,
})
