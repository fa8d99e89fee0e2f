import type { ReactNode } from 'react'
import './figures.css'

/** One number that matters. `look`: `bad` and `warn` where somebody should do something about it. */
export type Figure = Readonly<{ label: string; value: ReactNode; note?: ReactNode; look?: 'plain' | 'warn' | 'bad' }>

export function Figures({ figures }: Readonly<{ figures: readonly Figure[] }>) {
  return (
    <dl className="figures">
      {figures.map(({ label, value, note, look = 'plain' }) => (
        <div key={label} className={`figure figure-${look}`}>
          <dt>{label}</dt>
          <dd>
            {value}
            {note === undefined ? null : <span className="figure-note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
