/** One option: how it is filled in follows from its kind. Empty = it is left out, and what holds then stands there. */
import { useEffect, useState } from 'react'
import type { OptionEntry } from '../../contract/option-table.ts'
import { assertNever } from '../../core/assert.ts'
import { SelectField, TextField } from './field.tsx'
import { NumberField } from './number-field.tsx'

type Props = Readonly<{
  name: string
  entry: Omit<OptionEntry, 'group'>
  value: unknown
  error: string | undefined
  onValue: (value: unknown) => void
}>

export function OptionField({ name, entry, value, error, onValue }: Props) {
  const { label, kind, standard, meaning } = entry
  const common = { label, error, hint: standard === '' ? meaning : `${meaning} Left out: ${standard}.`, title: name }
  switch (kind.is) {
    case 'number': {
      const withUnit = { ...common, label: kind.unit === '' ? label : `${label} (${kind.unit})` }
      return (
        <NumberField {...withUnit} value={typeof value === 'number' ? value : null} onValue={(number) => onValue(number ?? undefined)} />
      )
    }
    case 'flag':
      return (
        <SelectField
          {...common}
          value={typeof value === 'boolean' ? String(value) : ''}
          onChange={({ target }) => onValue(target.value === '' ? undefined : target.value === 'true')}
        >
          <option value="">left out</option>
          <option value="true">on</option>
          <option value="false">off</option>
        </SelectField>
      )
    case 'choice':
      return (
        <SelectField
          {...common}
          value={typeof value === 'string' ? value : ''}
          onChange={({ target }) => onValue(target.value || undefined)}
        >
          <option value="">left out</option>
          {kind.choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice.replaceAll('_', ' ')}
            </option>
          ))}
        </SelectField>
      )
    case 'text':
      return (
        <TextField
          {...common}
          value={typeof value === 'string' ? value : ''}
          placeholder={kind.example}
          onChange={({ target }) => onValue(target.value || undefined)}
        />
      )
    case 'list':
      return <ListField {...common} value={value} placeholder={kind.example} onValue={onValue} />
    case 'json':
      return <JsonField {...common} value={value} placeholder={kind.example} onValue={onValue} />
    default:
      return assertNever(kind)
  }
}

type Typed = Readonly<{
  label: string
  hint: string
  error: string | undefined
  value: unknown
  placeholder: string
  onValue: (value: unknown) => void
}>

function ListField({ value, onValue, ...rest }: Typed) {
  const shown = Array.isArray(value) ? value.join(', ') : ''
  const read = (text: string): string[] =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
  const [text, setText] = useTyped(shown, (typed) => read(typed).join(', '))
  return (
    <TextField
      {...rest}
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        const list = read(target.value)
        onValue(list.length === 0 ? undefined : list)
      }}
    />
  )
}

function JsonField({ value, onValue, error, ...rest }: Typed) {
  const shown = value === undefined || value === null ? '' : JSON.stringify(value)
  const [text, setText] = useTyped(shown, (typed) => {
    const parsed = read(typed)
    return parsed === null ? null : JSON.stringify(parsed.value)
  })
  const wrong = text.trim() !== '' && read(text) === null
  return (
    <TextField
      {...rest}
      className="input mono"
      error={wrong ? 'expected JSON' : error}
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        const parsed = read(target.value)
        if (target.value.trim() === '') onValue(undefined)
        else if (parsed !== null) onValue(parsed.value)
      }}
    />
  )
}

function read(text: string): Readonly<{ value: unknown }> | null {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return null
  }
}

/** What is typed stays as it is typed while it means the same; else what somebody else made of it. */
function useTyped(shown: string, meaningOf: (text: string) => string | null): readonly [string, (text: string) => void] {
  const [text, setText] = useState(shown)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another value from outside changes what is typed.
  useEffect(() => {
    if (meaningOf(text) !== shown) setText(shown)
  }, [shown])
  return [text, setText]
}
