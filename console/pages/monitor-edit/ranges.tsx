import './ranges.css'

const ranges = [
  [1, '1 h'],
  [4, '4 h'],
  [24, '1 d'],
  [168, '1 w'],
] as const

/** How far back is looked. */
export function Ranges({ label, hours, onHours }: Readonly<{ label: string; hours: number; onHours: (hours: number) => void }>) {
  return (
    <fieldset className="ranges">
      <legend className="visually-hidden">{label}</legend>
      {ranges.map(([value, text]) => (
        <button key={value} type="button" aria-pressed={value === hours} onClick={() => onHours(value)}>
          {text}
        </button>
      ))}
    </fieldset>
  )
}
