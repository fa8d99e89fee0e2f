import './fields-form.css'

type Kinds = Readonly<Record<string, Readonly<{ title: string; about: string }>>>

/** One of several kinds, each with what it is for. */
export function KindPicker({ kinds, onPick }: Readonly<{ kinds: Kinds; onPick: (kind: string) => void }>) {
  return (
    <ul className="kinds">
      {Object.entries(kinds).map(([kind, { title, about }]) => (
        <li key={kind}>
          <button type="button" onClick={() => onPick(kind)}>
            <strong>{title}</strong>
            <span className="soft">{about}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
