import { useEffect, useState } from 'react'
import { TextField } from './field.tsx'

/** A number, or nothing. What is no number yet stays as it is typed, and nothing is told of it. */
export function NumberField({
  value,
  onValue,
  ...rest
}: Readonly<{
  label: string
  hint?: string
  error?: string | undefined
  placeholder?: string
  required?: boolean
  value: number | null
  onValue: (value: number | null) => void
}>) {
  const [text, setText] = useState(value === null ? '' : String(value))
  // Somebody else moved it.
  useEffect(() => {
    setText((typed) => (numberOf(typed) === value ? typed : value === null ? '' : String(value)))
  }, [value])
  const wrong = text.trim() !== '' && numberOf(text) === null
  return (
    <TextField
      {...rest}
      {...(wrong ? { error: 'expected a number' } : {})}
      inputMode="decimal"
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        const number = numberOf(target.value)
        if (number !== null || target.value.trim() === '') onValue(number)
      }}
    />
  )
}

function numberOf(text: string): number | null {
  const number = Number(text.trim())
  return text.trim() === '' || !Number.isFinite(number) ? null : number
}
