import { Button } from './button.tsx'
import { AreaField, TextField } from './field.tsx'
import './secret-field.css'

type Given = Readonly<{
  label: string
  hint: string
  placeholder: string
  /** One is kept, which nobody reads again. */
  isSet: boolean
  required?: boolean
  lines?: boolean
  error: string | undefined
  /** undefined = as it was, null = taken away. */
  value: string | null | undefined
  onValue: (value: string | null | undefined) => void
}>

/** What is written and never read: it says whether there is one, and can replace it or take it away. */
export function SecretField({ label, hint, placeholder, isSet, required = false, lines = false, error, value, onValue }: Given) {
  const common = {
    label,
    error,
    hint: value === null ? 'It is taken away when this is saved.' : hint,
    required: required && !isSet,
    placeholder: isSet ? (value === null ? '' : 'set; leave it empty to keep it') : placeholder,
    value: value ?? '',
  }
  const change = (text: string): void => onValue(text === '' ? undefined : text)
  return (
    <div className="secret-field">
      {lines ? (
        <AreaField {...common} onChange={({ target }) => change(target.value)} />
      ) : (
        <TextField {...common} type="password" autoComplete="new-password" onChange={({ target }) => change(target.value)} />
      )}
      {isSet && !required ? (
        <Button
          kind="quiet"
          aria-label={value === null ? `Keep it: ${label}` : `Take it away: ${label}`}
          onClick={() => onValue(value === null ? undefined : null)}
        >
          {value === null ? 'Keep it' : 'Take it away'}
        </Button>
      ) : null}
    </div>
  )
}
