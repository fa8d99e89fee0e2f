import './status.css'

/** A word that looks as a status does. `title`: why. */
export function Flag({ look, text, title }: Readonly<{ look: 'ok' | 'warn' | 'alert' | 'none' | 'other'; text: string; title?: string }>) {
  return (
    <span className={`status status-${look}`} title={title}>
      {text}
    </span>
  )
}
