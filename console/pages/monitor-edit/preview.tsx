/** What the message would say of each change of status, and to whom. */
import type { Previewed } from '../../data/editor.ts'
import './preview.css'

export function Preview({ notifications }: Readonly<{ notifications: readonly Previewed[] }>) {
  return (
    <ul className="preview">
      {notifications.map(({ transition, from, to, told, not_told_because: because, title, body, receivers }, index) => (
        <li key={transition} className={told ? undefined : 'preview-untold'}>
          <details open={told && index === 0}>
            <summary>
              <strong className="cut">{title}</strong>
              <span className="soft small">
                {from} → {to} · {told ? toldTo(receivers) : `not told: ${because ?? 'nobody asked for it'}`}
              </span>
            </summary>
            <p>{body.trim() === '' ? 'The message says nothing of this.' : body}</p>
          </details>
        </li>
      ))}
    </ul>
  )
}

function toldTo(receivers: Previewed['receivers']): string {
  if (receivers.length === 0) return 'told to nobody'
  return `told to ${receivers.map(({ name, known }) => `@${name}${known ? '' : ' (nobody is configured as that)'}`).join(', ')}`
}
