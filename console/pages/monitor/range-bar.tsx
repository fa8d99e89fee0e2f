import { useCommands } from '../../shell/commands.ts'
import { useIsLive } from '../../shell/live.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import './range-bar.css'
import { presets, type Range } from './range.ts'

const moment = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
const stepPart = 0.5
const options = presets.map(([value, label]) => ({ value, label }))

/** Which time is shown: presets that go along with now, or a piece of the past that was marked, moved or zoomed to. */
export function RangeBar({ range }: Readonly<{ range: Range }>) {
  const connected = useIsLive()
  const { fromMs, toMs } = range.spanNow()
  useCommands([
    { id: 'range-back', label: 'Earlier', group: 'Time', keys: '[', run: () => range.move(-stepPart) },
    { id: 'range-on', label: 'Later', group: 'Time', keys: ']', run: () => range.move(stepPart) },
    { id: 'range-in', label: 'Zoom in', group: 'Time', keys: '+', run: () => range.zoom(0.5) },
    { id: 'range-out', label: 'Zoom out', group: 'Time', keys: '-', run: () => range.zoom(2) },
    { id: 'range-now', label: 'Back to now', group: 'Time', keys: '0', run: () => range.setPreset('') },
  ])
  return (
    <div className="range-bar">
      <Segments label="Time shown" options={options} value={range.name} onValue={range.setPreset} />
      <span className="range-step">
        <Button kind="quiet" aria-label="Earlier" title="Earlier ( [ )" onClick={() => range.move(-stepPart)}>
          ‹
        </Button>
        <Button kind="quiet" aria-label="Later" title="Later ( ] )" disabled={range.live} onClick={() => range.move(stepPart)}>
          ›
        </Button>
        <Button kind="quiet" aria-label="Zoom out" title="Zoom out ( - )" onClick={() => range.zoom(2)}>
          −
        </Button>
      </span>
      {range.live ? (
        <span className="range-live" title={connected ? 'It goes along with now' : 'No connection for changes'}>
          <span className={connected ? 'range-dot range-dot-on' : 'range-dot'} /> Live
        </span>
      ) : (
        <span className="range-past">
          {moment.format(fromMs)} – {moment.format(toMs)}
          <Button kind="quiet" onClick={() => range.setPreset('')}>
            Back to now
          </Button>
        </span>
      )}
    </div>
  )
}
