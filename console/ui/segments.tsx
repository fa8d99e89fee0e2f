import { useId } from 'react'
import './segments.css'

type Given<Value extends string> = Readonly<{
  label: string
  options: readonly Readonly<{ value: Value; label: string }>[]
  value: Value
  onValue: (value: Value) => void
}>

/** One of a few, all of which are seen. */
export function Segments<Value extends string>({ label, options, value, onValue }: Given<Value>) {
  const name = useId()
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={option.value === value ? 'segment segment-chosen' : 'segment'}>
          <input
            className="visually-hidden"
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onValue(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
