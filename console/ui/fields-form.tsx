/** A form by a table of its fields. Read next: fields.ts, option-field.tsx, ../../contract/field-table.ts. */
import type { FieldEntry, FieldTable } from '../../contract/field-table.ts'
import { AreaField, TextField } from './field.tsx'
import type { FieldValues } from './fields.ts'
import './fields-form.css'
import { OptionField } from './option-field.tsx'
import { SecretField } from './secret-field.tsx'

type Given = Readonly<{
  table: FieldTable
  values: FieldValues
  /** Names of secrets that are kept. */
  kept: readonly string[]
  /** What the API said of the field at a path. */
  errorOf: (path: string) => string | undefined
  onValues: (values: FieldValues) => void
}>

export function FieldsForm({ table, values, kept, errorOf, onValues }: Given) {
  return (
    <div className="fields-form">
      {Object.entries(table).map(([path, entry]) => (
        <FieldOf
          key={path}
          {...{ path, entry, value: values[path], isSet: kept.includes(path), error: errorOf(path) }}
          onValue={(value) => onValues({ ...values, [path]: value })}
        />
      ))}
    </div>
  )
}

type OneGiven = Readonly<{
  path: string
  entry: FieldEntry
  value: unknown
  isSet: boolean
  error: string | undefined
  onValue: (value: unknown) => void
}>

function FieldOf({ path, entry, value, isSet, error, onValue }: OneGiven) {
  const { label, kind, meaning, standard, needed = false } = entry
  const hint = standard === '' ? meaning : `${meaning} Left out: ${standard}.`
  const common = { label, hint, error }
  switch (kind.is) {
    case 'text':
      return (
        <TextField
          {...common}
          required={needed}
          placeholder={kind.example}
          value={textOf(value)}
          onChange={({ target }) => onValue(target.value || undefined)}
        />
      )
    case 'paragraph':
      return (
        <AreaField
          {...common}
          placeholder={kind.example}
          value={textOf(value)}
          onChange={({ target }) => onValue(target.value || undefined)}
        />
      )
    case 'secret':
    case 'secret-json':
    case 'secret-paragraph':
      return (
        <SecretField
          {...common}
          isSet={isSet}
          required={needed}
          lines={kind.is !== 'secret'}
          placeholder={kind.example}
          value={value === null ? null : value === undefined ? undefined : textOf(value)}
          onValue={onValue}
        />
      )
    case 'choice':
    case 'flag':
    case 'json':
    case 'list':
    case 'number':
      return <OptionField name={path} entry={{ label, kind, meaning, standard }} value={value} error={error} onValue={onValue} />
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
