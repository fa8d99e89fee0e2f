import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { endOf, type Until } from './until.ts'

const hourS = 3_600
const lengths = [
  ['1 hour', hourS],
  ['4 hours', 4 * hourS],
  ['1 day', 24 * hourS],
  ['1 week', 7 * 24 * hourS],
] as const

/** Lengths as buttons, without an end, or until a moment by the reader's clock. */
export function UntilField({ until, open, onUntil }: Readonly<{ until: Until; open: string; onUntil: (until: Until) => void }>) {
  const [text, setText] = useState('')
  return (
    <>
      <fieldset className="choices">
        <legend>How long</legend>
        {lengths.map(([label, seconds]) => (
          <Button
            key={label}
            aria-pressed={until.kind === 'for' && until.seconds === seconds}
            onClick={() => onUntil({ kind: 'for', seconds })}
          >
            {label}
          </Button>
        ))}
        <Button aria-pressed={until.kind === 'open'} onClick={() => onUntil({ kind: 'open' })}>
          {open}
        </Button>
      </fieldset>
      <TextField
        label="Or until"
        type="datetime-local"
        value={text}
        error={until.kind === 'at' && endOf(until, Date.now()) === undefined ? 'A time that is yet to come' : undefined}
        onChange={({ target: { value } }) => {
          setText(value)
          onUntil(value === '' ? { kind: 'open' } : { kind: 'at', text: value })
        }}
      />
    </>
  )
}
