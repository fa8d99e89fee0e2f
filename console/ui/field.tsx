import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react'
import './field.css'

type Around = Readonly<{ label: string; hint?: ReactNode; error?: string | undefined }>

export function TextField({ label, hint, error, ...rest }: Around & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <Field {...{ id, label, hint, error }}>
      <input className="input" id={id} aria-invalid={error !== undefined} aria-describedby={`${id}-more`} autoComplete="off" {...rest} />
    </Field>
  )
}

export function SelectField({ label, hint, error, children, ...rest }: Around & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId()
  return (
    <Field {...{ id, label, hint, error }}>
      <select className="input" id={id} aria-invalid={error !== undefined} aria-describedby={`${id}-more`} {...rest}>
        {children}
      </select>
    </Field>
  )
}

export function AreaField({ label, hint, error, ...rest }: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId()
  return (
    <Field {...{ id, label, hint, error }}>
      <textarea
        className="input mono"
        id={id}
        rows={4}
        spellCheck={false}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-more`}
        {...rest}
      />
    </Field>
  )
}

/** A label, what is to be filled in, and below it what is wrong or what it is for. */
function Field({ id, label, hint, error, children }: Around & Readonly<{ id: string; children: ReactNode }>) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      <p id={`${id}-more`} className={error === undefined ? 'field-hint' : 'field-error'}>
        {error ?? hint}
      </p>
    </div>
  )
}
