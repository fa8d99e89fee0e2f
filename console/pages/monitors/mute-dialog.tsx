import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

const hourS = 3_600
const lengths = [
  ['1 hour', hourS],
  ['4 hours', 4 * hourS],
  ['1 day', 24 * hourS],
  ['1 week', 7 * 24 * hourS],
] as const

type Given = Readonly<{ what: string; onClose: () => void; onMute: (end: number | null) => void }>

/** For how long. `onMute`: epoch seconds of the end, or null. */
export function MuteDialog({ what, onClose, onMute }: Given) {
  return (
    <Dialog title={`Mute ${what}`} onClose={onClose}>
      <p className="soft">Nobody is told meanwhile. What still fires at the end is told then.</p>
      <div className="mute-lengths">
        {lengths.map(([label, seconds]) => (
          <Button key={label} onClick={() => onMute(Math.floor(Date.now() / 1_000) + seconds)}>
            {label}
          </Button>
        ))}
        <Button onClick={() => onMute(null)}>Until it is taken back</Button>
      </div>
    </Dialog>
  )
}
