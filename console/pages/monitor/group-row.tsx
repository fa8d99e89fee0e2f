import { useQueryClient } from '@tanstack/react-query'
import { keys } from '../../data/keys.ts'
import { resolveGroup, unacknowledge } from '../../data/monitor.ts'
import type { Group } from '../../data/monitor-time.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { Time } from '../../ui/time.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'
import { valueText } from './words.ts'

type Given = Readonly<{ id: number; of: Group; index: number; top: number; picked: boolean; onPick: () => void }>

export function GroupRow({ id, of: { group, status, value, since, held, acknowledged }, index, top, picked, onPick }: Given) {
  const client = useQueryClient()
  const act = async (what: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run()
      sayDone(what)
      await client.invalidateQueries({ queryKey: keys.monitor(id) })
    } catch (error) {
      sayProblem(error, group)
    }
  }
  const name = group === '*' || group === '' ? 'all' : group
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`group-row${picked ? ' group-picked' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell">
        <Status status={status} />
      </span>
      <span role="cell" className="group-name">
        <button type="button" className="group-pick cut" aria-pressed={picked} title={name} onClick={onPick}>
          {name}
        </button>
        {held ? (
          <span className="soft" title="Held by a mute or downtime">
            <Icon name="muted" />
            <span className="visually-hidden">held</span>
          </span>
        ) : null}
      </span>
      <span role="cell">{valueText(value)}</span>
      <span role="cell" className="soft cut">
        {since === null ? '' : <Time at={since} relative />}
      </span>
      <span role="cell" className="cut" title={acknowledged?.note ?? undefined}>
        {acknowledged === null ? null : `${acknowledged.by}${acknowledged.note === null ? '' : `: ${acknowledged.note}`}`}
      </span>
      <span role="cell" className="group-acts">
        {acknowledged === null ? null : (
          <Button kind="quiet" onClick={() => void act('The acknowledgment is taken back', () => unacknowledge(id, group))}>
            Take back
          </Button>
        )}
        {status === 'OK' || group === '*' ? null : (
          <Button kind="quiet" aria-label={`Resolve ${name}`} onClick={() => void act('Resolved', () => resolveGroup(id, group))}>
            Resolve
          </Button>
        )}
      </span>
    </div>
  )
}
